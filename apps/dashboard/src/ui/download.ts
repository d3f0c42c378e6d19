/** Offers a file to save. */
export function download(blob: Blob, fileName: string): void {
  const url = URL.createObjectURL(blob);
  const link = document.createElement('a');
  link.href = url;
  link.download = fileName;
  link.click();
  // The browser has begun to read the file by then.
  window.setTimeout(() => URL.revokeObjectURL(url), 60_000);
}
