using System.CommandLine;
using System.Globalization;
using KafkaCaching.Benchmarks.Hybrids;

namespace KafkaCaching.Benchmarks.Drivers;

/// <summary>Compares KafkaCache.Hybrid with the implementations of HybridCache that keep their entries in Redis.</summary>
internal static class HybridDriver
{
    private const int Instances = 10;
    private const int IncoherentRounds = 3;

    private static readonly Option<string?> Redis = new("--redis")
    {
        Description = "A running Redis. Default: a redis-server of its own.", HelpName = "HOST:PORT",
    };

    public static Command Command()
    {
        var rounds = CommandOptions.Rounds(11);
        var removals = CommandOptions.Count("--removals", 200, "How many tags are removed.");
        var stampedes = CommandOptions.Count("--stampedes", 20, "How many keys all instances miss at once.");
        var command = new Command(
            "hybrid",
            $"Hits, first reads, coherence and stampedes of {Instances} instances, beside HybridCache and FusionCache with Redis.")
        {
            CommandOptions.BootstrapServers, Redis, CommandOptions.Json, rounds, removals, stampedes,
        };
        command.SetAction(async parsed =>
        {
            await using var kafka = await BenchmarkKafka.OpenAsync(parsed.GetValue(CommandOptions.BootstrapServers));
            await using var redis = await RedisServer.OpenAsync(parsed.GetValue(Redis));
            await using var ours = await KafkaContender.OpenAsync(kafka.BootstrapServers, Instances);
            await using var microsoft = RedisContenders.Microsoft(redis.Address, Instances);
            await using var fusion = RedisContenders.Fusion(redis.Address, Instances);
            await using var adapted = RedisContenders.FusionAsHybrid(redis.Address);
            HybridContender[] all = [ours, microsoft, fusion];
            HybridContender[] withAdapter = [.. all, adapted];
            foreach (var contender in withAdapter)
                await HitTurns.FillAsync(contender);
            var hits = Hits(withAdapter, HitTurns.Immutable, parsed.GetValue(rounds));
            var mutable = Hits(withAdapter, HitTurns.Mutable, parsed.GetValue(rounds));
            var firsts = await FirstsAsync(all, parsed.GetValue(rounds));
            var coherence = await CoherenceAsync(all, parsed.GetValue(removals));
            var factories = await StampedesAsync(all, parsed.GetValue(stampedes));

            var table = new Table(
                "Contender", "hit, ns", "bytes", "mutable, ns", "bytes", "first read, µs", "from return p50, ms", "p99",
                "from call p50, ms", "p99", "never, %", "factories, most");
            foreach (var one in withAdapter)
                table.Add(
                    one.Name,
                    [
                        Nanoseconds(hits[one]), Bytes(hits[one]), Nanoseconds(mutable[one]), Bytes(mutable[one]),
                        .. one == adapted
                            ? Enumerable.Repeat(double.NaN, 7)
                            : [firsts[one].Median(), .. Cells(coherence[one]), factories[one].Max()],
                    ]);
            var (p50, p99) = (At(coherence[ours].FromReturn, 0.5), At(coherence[ours].FromReturn, 0.99));
            Goal[] goals =
            [
                Goal.AtMost(250, "A hit", Nanoseconds(hits[ours]), "ns"),
                Goal.AtMost(0, "A hit", Bytes(hits[ours]), "bytes"),
                Goal.AtLeast(8, $"A hit of {microsoft.Name}", Ratio(hits[microsoft], hits[ours]), "× ours"),
                Goal.AtLeast(8, $"A hit of {fusion.Name}", Ratio(hits[fusion], hits[ours]), "× ours"),
                Goal.AtLeast(100, $"A read that {microsoft.Name} finds in Redis", Ratio(firsts[microsoft], firsts[ours]), "× ours"),
                Goal.AtLeast(100, $"A read that {fusion.Name} finds in Redis", Ratio(firsts[fusion], firsts[ours]), "× ours"),
                Goal.AtMost(3, $"Coherence of {Instances} instances, from the removal's return, p50", p50, "ms"),
                Goal.AtMost(30, $"Coherence of {Instances} instances, from the removal's return, p99", p99, "ms"),
                Goal.AtMost(0, "Instances that stayed stale", coherence[ours].Stale, $"of {coherence[ours].FromCall.Count:N0}"),
                Goal.AtMost(1, $"A stampede of {Instances} instances, most", factories[ours].Max(), "factories"),
            ];
            var title = string.Create(
                CultureInfo.InvariantCulture,
                $"{Instances} instances in one process, medians of {parsed.GetValue(rounds)} rounds, {parsed.GetValue(removals)} removals, "
                + $"{parsed.GetValue(stampedes)} stampedes.");
            await Report.WriteAsync("hybrid", title, table, goals, parsed.GetValue(CommandOptions.Json), new
            {
                hits = Named(hits), mutable = Named(mutable), firsts = Named(firsts), coherence = Named(coherence),
                factories = Named(factories),
            });
        });
        return command;
    }

    private static double Nanoseconds(List<HitFigures> hits) => hits.Select(static hit => hit.Nanoseconds).Median();

    private static double Bytes(List<HitFigures> hits) => hits.Select(static hit => hit.Bytes).Median();

    private static double Ratio(List<HitFigures> theirs, List<HitFigures> ours) => Statistics.MedianRatio(
        theirs.Select(static hit => hit.Nanoseconds), ours.Select(static hit => hit.Nanoseconds));

    private static double Ratio(List<double> theirs, List<double> ours) => Statistics.MedianRatio(theirs, ours);

    private static IEnumerable<double> Cells(CoherenceFigures figures) =>
    [
        At(figures.FromReturn, 0.5), At(figures.FromReturn, 0.99), At(figures.FromCall, 0.5), At(figures.FromCall, 0.99),
        100.0 * figures.Stale / figures.FromReturn.Count,
    ];

    private static double At(List<double?> lags, double quantile) => CoherenceFigures.Quantile(lags, quantile);

    private static Dictionary<HybridContender, List<HitFigures>> Hits(
        HybridContender[] all, Func<HybridContender, HitFigures> measure, int rounds)
    {
        var figures = all.ToDictionary(static one => one, static _ => new List<HitFigures>());
        for (var round = -1; round < rounds; round++)
        {
            foreach (var contender in all)
            {
                // The first round is a warm-up.
                var hit = measure(contender);
                if (round >= 0)
                    figures[contender].Add(hit);
            }
        }

        return figures;
    }

    private static async Task<Dictionary<HybridContender, List<double>>> FirstsAsync(HybridContender[] all, int rounds)
    {
        var figures = all.ToDictionary(static one => one, static _ => new List<double>());
        for (var round = -1; round < rounds; round++)
        {
            foreach (var contender in all)
            {
                var microseconds = await FirstReads.MeasureAsync(contender, round);
                if (round >= 0)
                    figures[contender].Add(microseconds);
            }
        }

        return figures;
    }

    private static async Task<Dictionary<HybridContender, CoherenceFigures>> CoherenceAsync(HybridContender[] all, int rounds)
    {
        var figures = new Dictionary<HybridContender, CoherenceFigures>();
        foreach (var contender in all)
            figures[contender] = await Coherence.MeasureAsync(
                contender, contender.IsCoherent ? rounds : Math.Min(rounds, IncoherentRounds));
        return figures;
    }

    private static async Task<Dictionary<HybridContender, int[]>> StampedesAsync(HybridContender[] all, int rounds)
    {
        var figures = new Dictionary<HybridContender, int[]>();
        foreach (var contender in all)
            figures[contender] = await Stampede.MeasureAsync(contender, rounds);
        return figures;
    }

    private static Dictionary<string, T> Named<T>(Dictionary<HybridContender, T> figures) =>
        figures.ToDictionary(static one => one.Key.Name, static one => one.Value, StringComparer.Ordinal);
}
