package org.bqx.cli;

import java.util.List;
import java.util.Locale;

/** Names of pairs and families as people type them: any case, {@code all} for all. */
final class Names {
  private Names() {}

  /** Returns them in lower case, nothing for all. */
  static List<String> normalize(List<String> names) {
    List<String> normalized =
        names.stream().map(name -> name.strip().replace("/", "").toLowerCase(Locale.ROOT)).toList();
    return normalized.contains("all") ? List.of() : normalized;
  }

  /** Returns a name in lower case, where all is none of them. */
  static String ofOne(String name) {
    return normalize(List.of(name)).stream().findFirst().orElse(name);
  }
}
