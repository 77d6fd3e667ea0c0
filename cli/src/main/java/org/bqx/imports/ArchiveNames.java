package org.bqx.imports;

import java.io.IOException;
import java.util.List;

/**
 * Which files of an archive are bars: all but what systems leave there and documents; texts only
 * where there is no other, since vendors enclose their conditions as texts.
 */
final class ArchiveNames {
  private final boolean hasOthers;
  private boolean any;

  /**
   * @param names of all files, none when they are not known beforehand
   */
  ArchiveNames(List<String> names) {
    hasOthers = names.stream().anyMatch(name -> isWanted(name) && !FileNames.isText(name));
  }

  /** Returns whether a file is taken; a visitor is told of one that is not. */
  boolean isTaken(String name, Unpacker.Visitor visitor) {
    if (isLitter(name)) {
      return false;
    }
    boolean taken = isWanted(name) && !(hasOthers && FileNames.isText(name));
    if (taken) {
      any = true;
    } else {
      visitor.leftOut(name);
    }
    return taken;
  }

  /** Returns what sorts files: those of asks come after the bids that they complete. */
  int place(String name) {
    return FileNames.side(FileNames.last(name)) == Side.ASK ? 1 : 0;
  }

  void requireAny() throws IOException {
    if (!any) {
      throw new IOException("the archive holds no file of bars");
    }
  }

  private static boolean isWanted(String name) {
    String last = FileNames.last(name);
    return !isLitter(name) && !FileNames.isDocument(last);
  }

  private static boolean isLitter(String name) {
    return name.startsWith("__MACOSX/") || FileNames.isLitter(FileNames.last(name));
  }
}
