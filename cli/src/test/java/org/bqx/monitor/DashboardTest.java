package org.bqx.monitor;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.time.YearMonth;
import java.util.ArrayList;
import java.util.List;
import org.bqx.partition.PartitionState;
import org.jline.utils.AttributedString;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DashboardTest {
  private static final Instant NOW = Instant.parse("2026-01-05T10:00:00Z");
  private static final int PAIRS = 28;
  private static final int MONTHS = 16;

  @ParameterizedTest
  @ValueSource(ints = {20, 60, 80, 200})
  void noLineIsWiderThanTheScreen(int columns) {
    assertThat(Dashboard.render(snapshot(), columns))
        .allSatisfy(line -> assertThat(line.columnLength()).isLessThanOrEqualTo(columns));
  }

  @Test
  void eightyColumnsHoldTheWholeGridAndEveryFact() {
    String text = text(80);
    assertThat(text)
        .contains("bqx    448/448 100.0  14,340,000  4.0 GB  12,500    3:05   done")
        .contains("reg    171/448  38.2   5,472,000       ?   9,100   10:01  16:10  !1 .275 >1\n")
        .contains(
            "4242     reg pair03 2024-07 active   IO DataFileExtend     12.0 s    98   512 MB")
        .contains(
            "4243     -                  idle     Client ClientRead      0.5 s     ?        ?")
        .contains("connections 7 of 100, stalest heartbeat 12.0 s ago (backend 4242)\n")
        .contains("failed   09:59:00  reg pair04 2024-07  pair pair04: 3 bars\\u000aare bad")
        .contains("finished 09:59:30  reg pair02 2024-07  32,000 rows")
        .contains("2024-07 to 2025-10, a cell a month: bqx reg");
    List<String> grid = text.lines().filter(line -> line.startsWith("pair")).toList();
    assertThat(grid).hasSize(PAIRS).allSatisfy(line -> assertThat(line).hasSize(7 + 32 + 1));
    assertThat(grid.get(2)).startsWith("pair03 #>");
    assertThat(grid.get(3)).startsWith("pair04 #!");
  }

  @Test
  void theFirstFigureIsOfAll() {
    String bar = "#".repeat(27) + "-".repeat(13);
    assertThat(text(80)).contains("\nall [" + bar + "] 619/896 69.1 %  ETA 16:10\n");
    String shorter = "#".repeat(19) + "-".repeat(9);
    assertThat(text(60)).contains("\nall [" + shorter + "] 619/896 69.1 %  ETA 16:10\n");
  }

  @Test
  void monthsAndYearsStandAboveTheGrid() {
    assertThat(text(80))
        .contains(
            """
                   2024         2025
                   J A S O N D  J F M A M J J A S O
            pair01 ############ ####################
            """);
  }

  @Test
  void aWiderScreenShowsMorePairsBesideEachOther() {
    List<String> grid = text(200).lines().filter(line -> line.startsWith("pair")).toList();
    assertThat(grid).hasSize(7);
    assertThat(grid.get(2)).startsWith("pair03 #>").contains("  pair10 #.");
  }

  @Test
  void whatDoesNotFitIsTheWorstOfTheFamilies() {
    List<String> lines = Dashboard.render(snapshot(), 30).stream().map(Object::toString).toList();
    assertThat(lines)
        .contains(
            "pair01 ###### ##########", "pair03 >..... ..........", "pair04 !..... ..........")
        .anySatisfy(line -> assertThat(line).contains("the worst"));
  }

  @Test
  void oneFamilyAndEarlierMonthsCanBeChosen() {
    List<String> lines =
        Dashboard.render(snapshot(), 19, new Grid.View("bqx", 4)).stream()
            .map(Object::toString)
            .toList();
    assertThat(lines).contains("       2024  2025", "       ASOND JFMAMJ");
  }

  @Test
  void aMonthWithoutBarsIsShownAsSuch() {
    Snapshot all = snapshot();
    List<PartitionFact> partitions =
        all.partitions().stream().filter(p -> p.month().getMonthValue() != 12).toList();
    assertThat(lines(with(all, partitions, List.of()), 80))
        .contains("pair01 ##########-- ####################");
  }

  @Test
  void whatIsToBeDoneAgainHasAMarkOfItsOwn() {
    Snapshot all = snapshot();
    List<PartitionFact> partitions =
        all.partitions().stream().map(p -> p.pair().equals("pair01") ? p.ahead() : p).toList();
    assertThat(lines(with(all, partitions, List.of()), 80))
        .contains("pair01 oooooooooooo oooooooooooooooooooo");
  }

  @Test
  void everyStateHasAMarkThatNeedsNoColour() {
    assertThat(text(80))
        .contains("! failed  > running  ~ stale  . missing  o again  # done  - no bars\n");
  }

  @Test
  void rareMarksAreInTheLegendWhereTheyAreInTheGrid() {
    Snapshot all = snapshot();
    List<PartitionFact> partitions =
        all.partitions().stream()
            .map(p -> p.pair().equals("pair01") ? in(PartitionState.NO_QUOTES, p) : p)
            .map(p -> p.pair().equals("pair02") ? in(PartitionState.UNREACHABLE, p) : p)
            .toList();
    assertThat(String.join("\n", lines(with(all, partitions, List.of()), 120)))
        .contains("? unreachable", "q no quotes")
        .contains("pair01 qqqqqqqqqqqq qqqqqqqqqqqqqqqqqqqq");
  }

  private static PartitionFact in(PartitionState state, PartitionFact fact) {
    return new PartitionFact(
        fact.family(),
        fact.pair(),
        fact.month(),
        state,
        null,
        fact.bars(),
        null,
        null,
        null,
        null,
        null,
        false);
  }

  @Test
  void sixtyColumnsKeepTheEtaAndWholeWords() {
    String text = text(60);
    assertThat(text)
        .contains("family    done     %        rows  rows/s    ETA  open\n")
        .contains("reg    171/448  38.2   5,472,000   9,100  16:10  !1 .275 >1\n")
        .contains("backend  computes           waits for               time\n")
        .contains("connections 7 of 100, stalest heartbeat 12.0 s ago (backend\n  4242)\n");
  }

  @Test
  void aLongMessageGoesOnInTheNextLine() {
    assertThat(text(60))
        .contains(
            "failed   09:59:00  reg pair04 2024-07  pair pair04: 3\n         bars\\u000aare bad\n");
  }

  @Test
  void coloursAreOnlyAdded() {
    for (AttributedString line : Dashboard.render(snapshot(), 80)) {
      assertThat(AttributedString.fromAnsi(line.toAnsi()).toString()).isEqualTo(line.toString());
    }
    assertThat(Dashboard.render(snapshot(), 80))
        .anySatisfy(line -> assertThat(line.toAnsi()).contains("\u001b[3"));
  }

  @Test
  void aNodeThatDoesNotTellItsSizesIsNamed() {
    String silent = "no sizes: node n2, n3 did not answer in 2 s";
    Snapshot all = snapshot();
    assertThat(lines(all, 80)).doesNotContain(silent);
    assertThat(lines(with(all, all.partitions(), List.of("n2", "n3")), 80)).contains(silent);
  }

  @Test
  void anEmptyDatabaseSaysWhatToDo() {
    Snapshot empty =
        new Snapshot(
            NOW,
            "here",
            new FamilyProgress("all", 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0L, null, null, null),
            List.of(),
            List.of(),
            List.of(),
            1,
            100,
            List.of(),
            List.of(),
            null,
            List.of(),
            List.of());
    assertThat(Dashboard.render(empty, 80))
        .extracting(AttributedString::toString)
        .contains("no backfill runs", "nothing was computed yet")
        .anySatisfy(line -> assertThat(line).contains("./bqx generate"));
  }

  private static String text(int columns) {
    StringBuilder text = new StringBuilder();
    lines(snapshot(), columns).forEach(line -> text.append(line).append('\n'));
    return text.toString();
  }

  private static List<String> lines(Snapshot snapshot, int columns) {
    return Dashboard.render(snapshot, columns).stream()
        .map(line -> line.toString().stripTrailing())
        .toList();
  }

  private static Snapshot with(
      Snapshot all, List<PartitionFact> partitions, List<String> silentNodes) {
    return new Snapshot(
        all.at(),
        all.server(),
        all.all(),
        all.families(),
        all.runs(),
        all.workers(),
        all.connections(),
        all.maxConnections(),
        all.lastFinished(),
        all.lastFailed(),
        all.stalestHeartbeat(),
        partitions,
        silentNodes);
  }

  private static Snapshot snapshot() {
    List<PartitionFact> partitions = new ArrayList<>();
    for (int pair = 1; pair <= PAIRS; pair++) {
      for (int month = 0; month < MONTHS; month++) {
        partitions.add(partition("bqx", pair, month, PartitionState.DONE));
        PartitionState reg = pair <= 2 ? PartitionState.DONE : PartitionState.MISSING;
        if (month == 0 && pair == 3) {
          reg = PartitionState.RUNNING;
        } else if (month == 0 && pair == 4) {
          reg = PartitionState.FAILED;
        }
        partitions.add(partition("reg", pair, month, reg));
      }
    }
    PartitionFact failed =
        new PartitionFact(
            "reg",
            "pair04",
            YearMonth.of(2024, 7),
            PartitionState.FAILED,
            "pair pair04: 3 bars\nare bad",
            32000,
            null,
            1,
            NOW,
            NOW.minusSeconds(60),
            null,
            false);
    WorkerFact computing =
        new WorkerFact(
            null,
            4242,
            "bqx backfill",
            "reg pair03 2024-07",
            "active",
            "IO DataFileExtend",
            12.0,
            98.0,
            512L << 20);
    WorkerFact idle =
        new WorkerFact(
            null, 4243, "bqx backfill", null, "idle", "Client ClientRead", 0.5, null, null);
    return new Snapshot(
        NOW,
        "localhost:5432, database quant, user me",
        new FamilyProgress(
            "all", 896, 619, 0, 0, 1, 275, 0, 1, 0, 69.085, 19_812_000, null, 9500.0, 786.0, 970.0),
        List.of(
            new FamilyProgress(
                "bqx",
                448,
                448,
                0,
                0,
                0,
                0,
                0,
                0,
                0,
                100,
                14_340_000,
                4L << 30,
                12500.0,
                185.0,
                0.0),
            new FamilyProgress(
                "reg", 448, 171, 0, 0, 1, 275, 0, 1, 0, 38.169, 5_472_000, null, 9100.4, 601.0,
                970.0)),
        List.of(),
        List.of(computing, idle),
        7,
        100,
        List.of(partition("reg", 2, 0, PartitionState.DONE)),
        List.of(failed),
        computing,
        partitions,
        List.of());
  }

  private static PartitionFact partition(String family, int pair, int month, PartitionState state) {
    boolean done = state == PartitionState.DONE;
    return new PartitionFact(
        family,
        "pair%02d".formatted(pair),
        YearMonth.of(2024, 7).plusMonths(month),
        state,
        null,
        32000,
        done ? Long.valueOf(32000) : null,
        1,
        done ? NOW.minusSeconds(40) : null,
        done ? NOW.minusSeconds(30) : null,
        done ? Long.valueOf(32000) : null,
        false);
  }
}
