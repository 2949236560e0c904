/** How Debian's Chromium is started: it runs as root in containers, and nothing of it calls home. */
export const launchOptions = {
  executablePath: process.env.WEIR_CHROMIUM ?? '/usr/bin/chromium',
  args: [
    '--no-sandbox',
    '--disable-gpu',
    '--disable-quic',
    '--no-first-run',
    '--disable-background-networking',
    '--disable-component-update',
    '--disable-sync',
  ],
};
