/** GUIDs of partition types. The one for data is livesys's own: it names no other system's disks. */
export const PARTITION_TYPE = {
  biosBoot: '21686148-6449-6E6F-744E-656564454649',
  esp: 'C12A7328-F81F-11D2-BA4B-00A0C93EC93B',
  linux: '0FC63DAF-8483-4772-8E79-3D69D8477DE4',
  data: '4C495645-5359-5344-4154-410A7B3D5E91',
} as const;
