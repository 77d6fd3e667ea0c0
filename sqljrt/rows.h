/*
 * rows.h
 *		What the files of JavaRows share.
 *
 * rowsplan.c	puts it into plans
 * rows.c		carries it out
 *
 * The plan's custom_private is two lists: for each column of the output the
 * attribute of the rows below, or 0 for a constant; the element of the array,
 * 0 being the whole; and whether NaN is null. Then the range table index of
 * the table that the rows may go into in bulk, or 0.
 */
#ifndef ROWS_H
#define ROWS_H

#include "sqljrt.h"

#include "nodes/extensible.h"

/* rows.c */
extern const CustomScanMethods java_rows_methods;

#endif
