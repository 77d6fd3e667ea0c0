package org.bqx.monitor;

import org.jline.keymap.KeyMap;
import org.jline.terminal.Terminal;
import org.jline.utils.InfoCmp.Capability;

/** What keys do in the dashboard. */
enum Key {
  QUIT(null, "q", "Q"),
  UP(Capability.key_up, "k", "\033[A"),
  DOWN(Capability.key_down, "j", "\033[B"),
  EARLIER(Capability.key_left, "h", "\033[D"),
  LATER(Capability.key_right, "l", "\033[C"),
  PAGE_UP(Capability.key_ppage, "b", "\033[5~"),
  PAGE_DOWN(Capability.key_npage, " ", "\033[6~"),
  FIRST(Capability.key_home, "g", "\033[H"),
  LAST(Capability.key_end, "G", "\033[F"),
  FAMILY(null, "f", "F");

  private final Capability capability;
  private final String[] keys;

  Key(Capability capability, String... keys) {
    this.capability = capability;
    this.keys = keys;
  }

  /** Returns what this terminal sends for them. */
  static KeyMap<Key> map(Terminal terminal) {
    KeyMap<Key> map = new KeyMap<>();
    for (Key key : values()) {
      map.bind(key, key.keys);
      String sent = key.capability == null ? null : KeyMap.key(terminal, key.capability);
      if (sent != null) {
        map.bind(key, sent);
      }
    }
    return map;
  }
}
