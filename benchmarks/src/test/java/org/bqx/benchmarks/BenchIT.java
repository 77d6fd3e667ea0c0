package org.bqx.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The benchmarks at their smallest. What they time is not looked at, but that they do. */
class BenchIT {
  @TempDir private Path folder;

  /** Rivals are checked against bqx before they are measured; one that differs fails the run. */
  @Test
  void everythingIsMeasuredAndRivalsGiveTheSameValues() throws Exception {
    Path picture = folder.resolve("bench.svg");
    JsonNode bench =
        run(
            "bench",
            "--pairs=1",
            "--months=1",
            "--rounds=1",
            "--range-rounds=1",
            "--set=work_mem=8MB",
            "--picture=" + picture);
    assertThat(bench.at("/machine/settings/work_mem").asString()).isEqualTo("8MB");
    assertThat(bench.at("/machine/settings/fsync").asString()).isEqualTo("on");
    assertThat(bench.at("/partitions/0/family").asString()).isEqualTo("bqx");
    assertThat(bench.at("/partitions/1/family").asString()).isEqualTo("reg");
    for (JsonNode partition : bench.get("partitions")) {
      assertThat(partition.get("rows").asLong()).isGreaterThan(30_000);
      assertThat(partition.get("columns").asInt()).isEqualTo(57);
      for (String measure :
          List.of(
              "DISK",
              "FLOOR",
              "FLOOR_INSERT",
              "CREATE_AS",
              "TRUNCATE",
              "COPY",
              "MISSING",
              "FORCED",
              "READ",
              "DIGEST",
              "INSERT",
              "ROWS_OUT",
              "KERNEL",
              "KEY",
              "ATTACH",
              "COMMIT")) {
        assertThat(partition.at("/samples/" + measure + "/milliseconds").asDouble())
            .as(measure)
            .isPositive();
      }
    }
    assertThat(bench.at("/partitions/0/samples/SQL/milliseconds").asDouble()).isPositive();
    assertThat(bench.at("/range/partitions").asInt()).isEqualTo(2);
    assertThat(bench.at("/range/rows").asLong())
        .isEqualTo(
            bench.at("/partitions/0/rows").asLong() + bench.at("/partitions/1/rows").asLong());
    List<Integer> workers = new ArrayList<>();
    bench.at("/range/byWorkers").forEach(one -> workers.add(one.get("workers").asInt()));
    assertThat(workers).containsExactly(1, 2);
    assertThat(bench.at("/range/byWorkers/0/backendMebibytes").asDouble()).isBetween(10.0, 1000.0);
    assertThat(bench.get("ratios")).isNotEmpty();
    DocumentBuilderFactory.newInstance().newDocumentBuilder().parse(picture.toFile());
  }

  /** They are off by default; one needs quotes, one other pairs' bars, one is of the market. */
  @Test
  void anyFamilyIsMeasuredBesideTheFloorOfItsOwnRows() {
    JsonNode families =
        run("families", "--family=spread,xpair,ccy", "--pairs=3", "--months=1", "--rounds=1");
    List<String> measured = new ArrayList<>();
    for (JsonNode result : families.get("results")) {
      measured.add(
          "%s %s %s"
              .formatted(
                  result.get("family").asString(),
                  result.get("pair").asString(),
                  result.at("/ratio/goal").asString()));
      assertThat(result.get("rows").asLong()).isGreaterThan(30_000);
      assertThat(result.at("/ratio/value").asDouble())
          .isPositive()
          .isEqualTo(
              result.at("/backfill/milliseconds").asDouble()
                  / result.at("/floor/milliseconds").asDouble());
      assertThat(result.get("ratioToBoth").asDouble())
          .isPositive()
          .isLessThan(result.at("/ratio/value").asDouble());
      assertThat(result.at("/mebibytes/value").asDouble()).isBetween(10.0, 1000.0);
      assertThat(result.at("/mebibytes/goal").asDouble()).isEqualTo(300);
    }
    assertThat(measured).containsExactly("spread audcad 2.5", "xpair audcad 5.0", "ccy market 2.5");
    assertThat(families.at("/machine/cores").asInt()).isPositive();
  }

  @Test
  void growthIsMeasuredByAmounts() {
    JsonNode growth = run("growth", "growth", "--by=months,windows", "--largest=2", "--rounds=1");
    List<String> measured = new ArrayList<>();
    for (JsonNode result : growth.get("results")) {
      measured.add(
          "%s %d, %d columns"
              .formatted(
                  result.get("by").asString(),
                  result.get("amount").asInt(),
                  result.get("columns").asInt()));
      assertThat(result.at("/backfill/milliseconds").asDouble()).isPositive();
      assertThat(result.at("/floor/milliseconds").asDouble()).isPositive();
    }
    assertThat(measured)
        .containsExactly(
            "MONTHS 1, 57 columns",
            "MONTHS 2, 57 columns",
            "WINDOWS 6, 57 columns",
            "WINDOWS 12, 111 columns");
    assertThat(growth.at("/results/1/rows").asLong())
        .isGreaterThan(growth.at("/results/0/rows").asLong());
  }

  @Test
  void readsGiveTheRowsThatTheySay() {
    JsonNode reads = run("reads", "reads", "--pairs=2", "--months=2", "--rounds=1");
    List<String> measured = new ArrayList<>();
    for (JsonNode result : reads.get("results")) {
      measured.add(result.get("read").asString() + " " + result.get("rows").asInt());
      assertThat(result.at("/sample/milliseconds").asDouble()).isPositive();
      assertThat(result.get("ratio").asDouble()).isPositive();
    }
    String day = measured.get(4).replace("DAY ", " ");
    assertThat(measured)
        .hasSize(10)
        .contains("TIME 2", "LATEST 2", "LATEST_DISTINCT 2")
        .contains(
            "JOIN" + day,
            "JOIN_DEFAULTS" + day,
            "JOIN_WHOLE" + day,
            "JOIN_RANGES" + day,
            "FEATURES" + day);
    assertThat(Integer.parseInt(day.strip())).isBetween(2 * 1400, 2 * 1440);
  }

  @Test
  void kernelsAreMeasuredAndAllocateNothingForARow() {
    JsonNode kernels =
        run(
            "kernels",
            "kernels",
            "--family=reg",
            "--windows=60",
            "--iterations=1",
            "--milliseconds=20");
    assertThat(kernels).hasSize(1);
    assertThat(kernels.at("/0/windows").asString()).isEqualTo("60");
    for (String method : List.of("rolling", "naive", "commonsMath")) {
      assertThat(kernels.at("/0/" + method).asDouble()).as(method).isPositive();
    }
    assertThat(kernels.at("/0/allocatedBytes").asDouble()).isBetween(0.0, 8.0);
  }

  @Test
  void whatTheServerRefusesIsSaid() {
    StringWriter err = new StringWriter();
    int code =
        Bench.run(
            new String[] {"--set=shared_buffers=much"},
            new PrintWriter(new StringWriter()),
            new PrintWriter(err));
    assertThat(code).isEqualTo(4);
    assertThat(err.toString())
        .contains("cannot start a server to measure on")
        .contains("shared_buffers");
  }

  private static JsonNode run(String name, String... arguments) {
    List<String> all = new ArrayList<>(List.of(arguments));
    all.add("--json");
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    int code = Bench.run(all.toArray(String[]::new), new PrintWriter(out), new PrintWriter(err));
    assertThat(code).as(err.toString()).isZero();
    JsonNode object = JsonMapper.shared().readTree(out.toString());
    assertThat(object.get("schema").asInt()).isEqualTo(1);
    return object.get(name);
  }
}
