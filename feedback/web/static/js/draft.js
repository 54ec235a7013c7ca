// A draft outlives a closed tab, a flat battery and a lost network. Words live in localStorage, the
// photos themselves in IndexedDB, because they are too large for the former.
const KEY = "report-draft";
const DAYS_KEPT = 7;

/** The kept draft, or null; one older than a week is dropped. */
export function readDraft() {
  try {
    const draft = JSON.parse(localStorage.getItem(KEY));
    if (!draft) return null;
    if (Date.now() - draft.savedAt < DAYS_KEPT * 864e5) return draft;
    forgetDraft();
  } catch {
    // Private mode or a full disk: the form works, only without a draft.
  }
  return null;
}

/** Keep the draft; answers the moment it was kept, or null where that is not possible. */
export function keepDraft(draft) {
  const savedAt = Date.now();
  try {
    localStorage.setItem(KEY, JSON.stringify({ ...draft, savedAt }));
    return savedAt;
  } catch {
    return null;
  }
}

export function forgetDraft() {
  try {
    localStorage.removeItem(KEY);
  } catch {
    // Nothing could have been kept either.
  }
  return withPhotos("readwrite", (store) => store.clear());
}

export const keepPhoto = (key, blob) => withPhotos("readwrite", (store) => store.put(blob, key));
export const readPhoto = (key) => withPhotos("readonly", (store) => store.get(key));
export const dropPhoto = (key) => withPhotos("readwrite", (store) => store.delete(key));

// One short transaction a call. A browser that refuses IndexedDB gives null, never an exception:
// the photo is then kept in memory only.
function withPhotos(mode, work) {
  return new Promise((resolve) => {
    const none = () => resolve(null);
    let opening;
    try {
      opening = indexedDB.open(KEY, 1);
    } catch {
      return none();
    }
    opening.onupgradeneeded = () => opening.result.createObjectStore("photos");
    opening.onerror = none;
    opening.onsuccess = () => {
      const base = opening.result;
      const request = work(base.transaction("photos", mode).objectStore("photos"));
      request.onsuccess = () => resolve(request.result ?? null);
      request.onerror = none;
      request.transaction.oncomplete = request.transaction.onabort = () => base.close();
    };
  });
}
