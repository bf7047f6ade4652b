#!/bin/sh
# Sourced by dracut (hook emergency): return, never exit. Silent when livesys did not fail.
/usr/sbin/livesys-emergency
return 0
