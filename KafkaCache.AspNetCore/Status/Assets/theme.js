// Sets the theme: light, dark, or that of the system. This file is not a module, because it must run before the first paint, so that the wrong
// theme is never visible.
(() => {
  const themes = [
    { name: 'auto', label: 'Theme: auto' },
    { name: 'light', label: 'Theme: light' },
    { name: 'dark', label: 'Theme: dark' },
  ];
  const key = 'kafkacache-theme';
  let current = Math.max(0, themes.findIndex(theme => theme.name === read()));

  function read() {
    try {
      return localStorage.getItem(key);
    } catch {
      return null; // The browser blocks storage, so the choice is lost when the page is closed.
    }
  }

  function keep(name) {
    try {
      localStorage.setItem(key, name);
    } catch {
      // The browser blocks storage.
    }
  }

  function apply() {
    document.documentElement.dataset.theme = themes[current].name;
    const button = document.getElementById('theme');
    if (button)
      button.textContent = themes[current].label;
  }

  apply();
  document.addEventListener('DOMContentLoaded', () => {
    apply();
    document.getElementById('theme').addEventListener('click', () => {
      current = (current + 1) % themes.length;
      keep(themes[current].name);
      apply();
    });
  });
})();
