/** Has the browser save something as a file. */
export function download(name: string, content: Blob): void {
  const url = URL.createObjectURL(content);
  const link = document.createElement("a");
  link.href = url;
  link.download = name;
  link.click();
  // The browser reads the blob after this task: it must outlive it.
  setTimeout(() => URL.revokeObjectURL(url), 10_000);
}
