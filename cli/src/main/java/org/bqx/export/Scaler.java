package org.bqx.export;

/**
 * What scales a column, over the rows for training that have a value.
 *
 * @param column its name
 * @param rows how many rows have a value
 * @param mean their mean, null without any
 * @param sd their sample standard deviation, null below two
 * @param sampled how many of them median and mad are of
 * @param median their median, null without any
 * @param mad the median distance from the median, null without any
 */
record Scaler(
    String column, long rows, Double mean, Double sd, int sampled, Double median, Double mad) {}
