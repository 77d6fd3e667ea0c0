package org.bqx.x;

class A {}
