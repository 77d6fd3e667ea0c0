package org.bqx.cli;

import picocli.CommandLine.IVersionProvider;

/** What {@code --version} prints: the version that the build wrote into the jar. */
final class VersionText implements IVersionProvider {
  @Override
  public String[] getVersion() {
    return new String[] {"bqx " + version()};
  }

  /** Returns the version, which is in the parent pom alone. */
  static String version() {
    String version = VersionText.class.getPackage().getImplementationVersion();
    return version == null ? "from classes, not from its jar" : version;
  }
}
