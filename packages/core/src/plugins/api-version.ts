/** Version of the plugin API. Optional members are a minor version, anything else a major one. */
export const API_VERSION = '1.0.0';
