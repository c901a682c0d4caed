/* How is a phone told whose page is shut? By a message that only this phone can read.
 *
 * It keeps nothing and answers no request: kiosks and screens have a worker of their own (sw.js).
 */

self.addEventListener("install", () => self.skipWaiting());

self.addEventListener("push", (event) => {
  const { title, body, tag, url, urgent } = event.data.json();
  const vibrate = urgent ? [400, 200, 400, 200, 800] : [200, 100, 200];
  const options = { body, tag, vibrate, renotify: true, requireInteraction: urgent, data: { url }, icon: "/static/icons/hall.svg" };
  event.waitUntil(self.registration.showNotification(title, options));
});

self.addEventListener("notificationclick", (event) => {
  event.notification.close();
  event.waitUntil(show(event.notification.data.url));
});

async function show(url) {
  const pages = await self.clients.matchAll({ type: "window", includeUncontrolled: true });
  const open = pages.find((page) => new URL(page.url).pathname === url);
  return open ? open.focus() : self.clients.openWindow(url);
}
