import { chromium } from "playwright-core";
import { execSync } from "node:child_process";
import fs from "node:fs";
const exe = process.env.CHROMIUM_PATH || execSync("ls -d /usr/bin/chromium* /opt/*/chrome* ~/.cache/ms-playwright/chromium-*/chrome-linux*/chrome 2>/dev/null | head -1",{shell:"/bin/bash"}).toString().trim();
const [,, who, widths, schemes, ...paths] = process.argv;
const b = await chromium.launch({executablePath: exe, args:["--no-sandbox"]});
for (const width of widths.split(",").map(Number)) for (const scheme of schemes.split(",")) {
  const ctx = await b.newContext({viewport:{width, height: width<500?800:900}, colorScheme: scheme, reducedMotion:"reduce", serviceWorkers:"block", locale:"en-US"});
  ctx.setDefaultTimeout(40000);
  const page = await ctx.newPage();
  await page.goto("http://127.0.0.1:6813/");
  if (who === "none") { await page.getByRole("button",{name:/guest/}).waitFor(); await page.screenshot({path:`/tmp/w-data/${who}-signin-${width}-${scheme}.png`}); }
  else {
    if (who === "guest") await page.getByRole("button",{name:"Continue as guest"}).click();
    else if (who==="new") { await page.getByText("Create account",{exact:true}).first().click(); await page.getByLabel("Email").fill(`n${Date.now()}@example.com`); await page.getByLabel("Password",{exact:true}).fill("correct horse battery"); await page.getByRole("button",{name:"Create account",exact:true}).last().click(); }
    else { await page.getByLabel("Email").fill(who+"@example.com"); await page.getByLabel("Password",{exact:true}).fill("demo-password-"+who); await page.getByRole("button",{name:"Sign in",exact:true}).last().click(); }
    await page.getByRole("main").getByRole("heading",{level:1,name:/^(Hello|Welcome)/}).waitFor();
    for (const p of paths) { await page.goto("http://127.0.0.1:6813"+p); await page.getByRole("main").getByRole("heading",{level:1}).first().waitFor().catch(()=>{}); await page.waitForTimeout(2500); await page.screenshot({path:`/tmp/w-data/${who}${p.replaceAll("/","_")}-${width}-${scheme}.png`, fullPage:true}); }
  }
  await ctx.close();
}
await b.close();
