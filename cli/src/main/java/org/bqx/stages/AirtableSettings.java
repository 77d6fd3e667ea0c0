package org.bqx.stages;

import java.net.URI;

/**
 * Where the stages are in Airtable.
 *
 * @param url of the API, version included, such as {@code https://api.airtable.com/v0}
 * @param base id of the base
 * @param key personal access token; in no message and not in {@link #toString}
 * @param table name or id
 * @param stageField field that holds a stage's version
 * @param statusField field that is set to its state
 */
public record AirtableSettings(
    URI url, String base, String key, String table, String stageField, String statusField) {

  @Override
  public String toString() {
    return "base %s, table %s".formatted(base, table);
  }
}
