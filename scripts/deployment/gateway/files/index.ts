/** File storage of functions, its uploads and downloads. */
export { handleDownload, handleUpload } from "./file-http";
export { FileStorage, type RestoredFile } from "./file-storage";
