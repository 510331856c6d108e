// What a browser may bring to the telephone: a voice, an ear, and the tones of the keys. All of it optional.
const Recognition = window.SpeechRecognition ?? window.webkitSpeechRecognition;
const LANGUAGE = "zh-CN";
const ROWS = { 1: 697, 2: 697, 3: 697, 4: 770, 5: 770, 6: 770, 7: 852, 8: 852, 9: 852, "*": 941, 0: 941, "#": 941 };
const COLUMNS = { 1: 1209, 4: 1209, 7: 1209, "*": 1209, 2: 1336, 5: 1336, 8: 1336, 0: 1336, 3: 1477, 6: 1477, 9: 1477, "#": 1477 };

export const canSpeak = "speechSynthesis" in window;
export const canHear = Boolean(Recognition);

// Says the text; resolves at its end, also when the browser has no such voice or swallows the end.
export function speak(text) {
  speechSynthesis.cancel();
  return new Promise((done) => {
    const words = new SpeechSynthesisUtterance(text);
    words.lang = LANGUAGE;
    words.voice = speechSynthesis.getVoices().find((voice) => voice.lang.replace("_", "-") === LANGUAGE) ?? null;
    const limit = setTimeout(done, 2000 + text.length * 450);
    words.onend = words.onerror = () => {
      clearTimeout(limit);
      done();
    };
    speechSynthesis.speak(words);
  });
}

export const hush = () => { if (canSpeak) speechSynthesis.cancel(); };

// Listens once: heard(text, confidence) when something was understood, over() in any case.
export function listen({ heard, over }) {
  const ear = new Recognition();
  ear.lang = LANGUAGE;
  ear.interimResults = false;
  ear.onresult = (event) => {
    const [best] = event.results[0];
    heard(best.transcript, String(best.confidence));
  };
  ear.onend = over;
  ear.start();
  return () => ear.abort();
}

let sound;

// The two tones of a key, short and quiet.
export function tone(key) {
  try {
    sound ??= new AudioContext();
    const loudness = sound.createGain();
    loudness.gain.value = 0.05;
    loudness.connect(sound.destination);
    for (const pitch of [ROWS[key], COLUMNS[key]]) {
      const wave = sound.createOscillator();
      wave.frequency.value = pitch;
      wave.connect(loudness);
      wave.start();
      wave.stop(sound.currentTime + 0.12);
    }
  } catch { /* no sound on this device */ }
}
