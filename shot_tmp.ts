import { launchBrowser, openTab, useSession } from "./tests/helpers/browser.ts";
import { register } from "./tests/helpers/client.ts";
import { startServer } from "./tests/helpers/server.ts";
import { FakePushService } from "./tests/helpers/push_service.ts";
const service = new FakePushService("http://127.0.0.1:9");
await using server = await startServer({ env: { PUSH_HOSTS: "http://127.0.0.1:9" } });
const ada = await register(server.origin, "ada", "Ada Okafor");
const ben = await register(server.origin, "ben", "Tomáš Dvořák");
const room = await ada.room(ben.me);
const uas = [
  "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0",
  "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) Version/18.0 Mobile/15E148 Safari/604.1",
  "Mozilla/5.0 (Linux; Android 10; K) SamsungBrowser/27.0 Chrome/125.0.0.0 Mobile Safari/537.36",
];
for (const [i, ua] of uas.entries()) {
  const r = await ada.fetch("/api/push/devices", {
    method: "POST",
    headers: { "content-type": "application/json", "user-agent": ua },
    body: JSON.stringify(await service.subscribe("d" + i)),
  });
  await r.text();
}
await ben.json(`/api/rooms/${room.id}/posts`, { id: "x1", text: "Shall we talk it over?" });
const browser = await launchBrowser();
await Deno.mkdir("_screenshots", { recursive: true });
for (const colorScheme of ["light", "dark"] as const) {
  for (
    const [size, viewport] of Object.entries({
      wide: { width: 1280, height: 800 },
      phone: { width: 390, height: 844 },
    })
  ) {
    await using tab = await openTab(browser, {
      colorScheme,
      viewport,
      timezoneId: "Europe/Berlin",
      locale: "en-GB",
      hasTouch: size === "phone",
    });
    const { page } = tab;
    await useSession(page, server.origin, ada.cookie);
    await page.context().addInitScript(() => {
      Object.defineProperty(Notification, "permission", { get: () => "default" });
      Notification.requestPermission = () => new Promise(() => {});
    });
    await page.goto(server.origin + "/settings");
    await page.waitForTimeout(700);
    await page.screenshot({
      path: `_screenshots/settings-${size}-${colorScheme}.png`,
      fullPage: true,
    });
    await page.goto(server.origin + "/chat/" + room.id);
    await page.fill("#composer", "Gladly, give me a minute");
    await page.locator(".send").click();
    await page.getByRole("complementary", { name: "Notifications" }).waitFor();
    await page.waitForTimeout(500);
    await page.screenshot({ path: `_screenshots/hint-${size}-${colorScheme}.png` });
    console.log(tab.problems);
  }
}
await browser.close();
