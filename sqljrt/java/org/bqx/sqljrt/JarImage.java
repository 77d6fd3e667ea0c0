package org.bqx.sqljrt;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.zip.CRC32;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;
import java.util.zip.ZipException;

/**
 * A jar held in memory. Only its central directory is read at first; an entry is inflated when it
 * is asked for, because a session uses few of the classes of a large jar. Layout: PKWARE APPNOTE
 * 6.3, sections 4.3.7 (local header), 4.3.12 (central directory) and 4.3.16 (its end); the 64-bit
 * extension, encryption and multi-release entries are not supported.
 */
final class JarImage {
  private static final int LOCAL_HEADER = 0x04034b50;
  private static final int CENTRAL_HEADER = 0x02014b50;
  private static final int END_OF_DIRECTORY = 0x06054b50;
  private static final int END_LENGTH = 22;
  private static final int LONGEST_COMMENT = 0xffff;

  private final byte[] image;

  /**
   * Where the entries' headers are in the central directory, by their names' checksums, which the
   * JVM computes in one step; 0 where there is none, since a header follows its entry. A hash map
   * would read every name letter by letter, by the interpreter: this is a session's first work.
   */
  private int[] headers;

  /**
   * Reads the central directory.
   *
   * @throws ZipException if {@code image} is not a whole zip file
   */
  JarImage(byte[] image) throws ZipException {
    this.image = image;
    int end = image.length - END_LENGTH;
    int first = Math.max(0, end - LONGEST_COMMENT);
    while (end >= first && int32(end) != END_OF_DIRECTORY) {
      end--;
    }
    if (end < first) {
      throw new ZipException("no zip directory found");
    }
    int count = int16(end + 10);
    int header = int32(end + 16);
    headers = new int[Math.max(4, Integer.highestOneBit(count) * 4)];
    CRC32 crc = new CRC32();
    for (int i = 0; i < count; i++) {
      if (int32(header) != CENTRAL_HEADER) {
        throw new ZipException("broken zip directory at entry " + (i + 1) + " of " + count);
      }
      int nameLength = int16(header + 28);
      check(header + 46, nameLength);
      int slot = slot(crc, image, header + 46, nameLength);
      if (headers[slot] == 0) {
        headers[slot] = header;
      }
      header += 46 + nameLength + int16(header + 30) + int16(header + 32);
    }
  }

  /** Where the header of an entry of that name is to be found, or to be put. */
  private int slot(CRC32 crc, byte[] names, int start, int length) throws ZipException {
    crc.reset();
    crc.update(names, start, length);
    int slot = (int) crc.getValue() & headers.length - 1;
    while (headers[slot] != 0) {
      int name = headers[slot] + 46;
      if (Arrays.equals(
          image, name, name + int16(headers[slot] + 28), names, start, start + length)) {
        break;
      }
      slot = slot + 1 & headers.length - 1;
    }
    return slot;
  }

  /**
   * The bytes of an entry, or null if there is none of that name.
   *
   * @throws ZipException if the entry is damaged
   */
  byte[] read(String name) throws ZipException {
    byte[] bytes = name.getBytes(StandardCharsets.UTF_8);
    int header = headers[slot(new CRC32(), bytes, 0, bytes.length)];
    return header == 0 ? null : read(header, name);
  }

  private byte[] read(int header, String name) throws ZipException {
    int method = int16(header + 10);
    int length = int32(header + 20);
    int size = int32(header + 24);
    int local = int32(header + 42);
    if (int32(local) != LOCAL_HEADER) {
      throw new ZipException("entry " + name + " has no local header");
    }
    int start = local + 30 + int16(local + 26) + int16(local + 28);
    check(start, length);
    // Deflate shrinks at most 1032 times: a larger claim is a lie that would exhaust the heap.
    if (size < 0 || size / 1032 > length || (int16(header + 8) & 1) != 0) {
      throw new ZipException("entry " + name + " is damaged or encrypted");
    }
    byte[] content = new byte[size];
    if (method == 0 && length == size) {
      System.arraycopy(image, start, content, 0, size);
    } else if (method == 8) {
      inflate(name, start, length, content);
    } else {
      throw new ZipException("entry " + name + " is packed by unsupported method " + method);
    }
    CRC32 crc = new CRC32();
    crc.update(content);
    if ((int) crc.getValue() != int32(header + 16)) {
      throw new ZipException("entry " + name + " has a wrong checksum");
    }
    return content;
  }

  /**
   * Reads every entry.
   *
   * @throws ZipException if one is damaged
   */
  void verify() throws ZipException {
    for (int header : headers) {
      if (header != 0) {
        read(header, new String(image, header + 46, int16(header + 28), StandardCharsets.UTF_8));
      }
    }
  }

  private void inflate(String name, int start, int length, byte[] content) throws ZipException {
    Inflater inflater = new Inflater(true);
    try {
      inflater.setInput(image, start, length);
      int done = 0;
      while (done < content.length) {
        int more = inflater.inflate(content, done, content.length - done);
        if (more == 0) {
          throw new ZipException("entry " + name + " is cut short");
        }
        done += more;
      }
    } catch (DataFormatException e) {
      throw new ZipException("entry " + name + " is damaged: " + e.getMessage());
    } finally {
      inflater.end();
    }
  }

  private int int16(int offset) throws ZipException {
    check(offset, 2);
    return (image[offset] & 0xff) | (image[offset + 1] & 0xff) << 8;
  }

  private int int32(int offset) throws ZipException {
    return int16(offset) | int16(offset + 2) << 16;
  }

  private void check(int offset, int length) throws ZipException {
    if (offset < 0 || length < 0 || offset > image.length - length) {
      throw new ZipException("zip file is cut short");
    }
  }
}
