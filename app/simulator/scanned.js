// Who comes by a scanned code (/try?scene=…) is answered to what it stands for, once.
import * as api from "./api.js";
import { notice } from "./notice.js";
import { t } from "./wording.js";

export async function scanned(conversation) {
  const scene = new URLSearchParams(location.search).get("scene");
  if (!scene) return;
  try {
    await conversation.scan(scene);
  } catch (error) {
    // Left in the address unless it can never be taken: loading the page again tries again.
    notice(t("scan_failed"));
    if (!(error instanceof api.Refused)) return;
  }
  history.replaceState(null, "", location.pathname);
}
