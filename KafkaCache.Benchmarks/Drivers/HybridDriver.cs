using System.CommandLine;
using System.Globalization;
using KafkaCaching.Benchmarks.Hybrids;

namespace KafkaCaching.Benchmarks.Drivers;

/// <summary>KafkaCache.Hybrid beside the implementations of HybridCache that keep their entries in Redis.</summary>
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
            "hybrid", $"Hits, first reads, coherence and stampedes of {Instances} instances, beside HybridCache and FusionCache with Redis.")
        {
            CommandOptions.BootstrapServers, Redis, CommandOptions.Json, rounds, removals, stampedes,
        };
        command.SetAction(async parsed =>
        {
            await using var redis = await RedisServer.OpenAsync(parsed.GetValue(Redis));
            await using var microsoft = RedisContenders.Microsoft(redis.Address, Instances);
            await using var fusion = RedisContenders.Fusion(redis.Address, Instances);
            await using var adapted = RedisContenders.FusionAsHybrid(redis.Address);
            HybridContender[] all = [microsoft, fusion];
            var hits = await HitsAsync([.. all, adapted], parsed.GetValue(rounds));
            var firsts = await FirstsAsync(all, parsed.GetValue(rounds));
            var coherence = await CoherenceAsync(all, parsed.GetValue(removals));
            var factories = await StampedesAsync(all, parsed.GetValue(stampedes));
            var table = new Table(
                "Contender", "hit, ns", "hit, bytes", "first read, µs", "coherent p50, ms", "p99, ms", "never, %", "removal, ms",
                "factories, most");
            foreach (var one in all)
                table.Add(
                    one.Name, hits[one].Select(static hit => hit.Nanoseconds).Median(), hits[one].Select(static hit => hit.Bytes).Median(),
                    firsts[one].Median(), coherence[one].P50, coherence[one].P99, 100.0 * coherence[one].Stale / coherence[one].Pods,
                    coherence[one].Removals.Median(), factories[one].Max());
            table.Add(
                adapted.Name, hits[adapted].Select(static hit => hit.Nanoseconds).Median(),
                hits[adapted].Select(static hit => hit.Bytes).Median(), double.NaN, double.NaN, double.NaN, double.NaN, double.NaN,
                double.NaN);
            var title = string.Create(
                CultureInfo.InvariantCulture,
                $"{Instances} instances in one process, medians of {parsed.GetValue(rounds)} rounds, {parsed.GetValue(removals)} removals, "
                + $"{parsed.GetValue(stampedes)} stampedes.");
            await Report.WriteAsync("hybrid", title, table, [], parsed.GetValue(CommandOptions.Json), new
            {
                hits = Named(hits), firsts = Named(firsts), coherence = Named(coherence), factories = Named(factories),
            });
        });
        return command;
    }

    private static async Task<Dictionary<HybridContender, List<HitFigures>>> HitsAsync(HybridContender[] all, int rounds)
    {
        var figures = all.ToDictionary(static one => one, static _ => new List<HitFigures>());
        foreach (var contender in all)
            await HitTurns.FillAsync(contender);
        for (var round = -1; round < rounds; round++)
        {
            foreach (var contender in all)
            {
                // The first round is the warm-up.
                var hit = HitTurns.Measure(contender);
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
