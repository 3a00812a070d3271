using System.CommandLine;
using System.Globalization;
using KafkaCaching.Benchmarks.Databases;
using KafkaCaching.Benchmarks.Hybrids;
using KafkaCaching.Benchmarks.Jobs;
using KafkaCaching.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using StackExchange.Redis;

namespace KafkaCaching.Benchmarks.Drivers;

/// <summary>Compares KafkaCache.EntityFrameworkCore with rows in Redis behind an interceptor, and with PostgreSQL itself.</summary>
internal static class EfDriver
{
    private const int People = 10_000;
    private static readonly TimeSpan Retention = TimeSpan.FromHours(4);

    private static readonly Option<string?> Redis = new("--redis")
    {
        Description = "A running Redis. Default: a redis-server of its own.", HelpName = "HOST:PORT",
    };

    private static readonly Option<string?> Postgres = new("--postgres")
    {
        Description = "The connection string of a PostgreSQL. Default: one of its own.",
    };

    public static Command Command()
    {
        var rounds = CommandOptions.Rounds(11);
        var reads = CommandOptions.Count("--reads", 5_000, "How many reads a contender makes of each kind in a round.");
        var saves = CommandOptions.Count("--saves", 100, "How many rows are saved one by one in a round.");
        var marks = CommandOptions.Count("--marks", 1_000_000, "How many rows are invalidated, to see what their marks take.");
        var command = new Command(
            "ef", "Hits by key, by CachedQuery and of any LINQ, and SaveChanges, beside rows in Redis and PostgreSQL itself.")
        {
            CommandOptions.BootstrapServers, Redis, Postgres, CommandOptions.Json, rounds, reads, saves, marks,
        };
        command.SetAction(async parsed =>
        {
            await using var kafka = await BenchmarkKafka.OpenAsync(parsed.GetValue(CommandOptions.BootstrapServers));
            await using var redis = await RedisServer.OpenAsync(parsed.GetValue(Redis));
            await using var postgres = await PostgresServer.OpenAsync(parsed.GetValue(Postgres));
            await using var connection = await ConnectionMultiplexer.ConnectAsync(redis.Address);
            var database = $"{postgres.ConnectionString};Database=kafkacache_benchmark";
            await using var services = await ServicesAsync(kafka.BootstrapServers);
            var cache = services.GetRequiredService<KafkaEfCache>();
            await cache.Hybrid.Cache.WaitUntilReadyAsync();

            DbContextOptionsBuilder<Shop> Options() => new DbContextOptionsBuilder<Shop>().UseNpgsql(database);
            var plain = Options().Options;
            var cached = Options().UseKafkaCache(services, "shop").Options;
            await Shop.CreateAsync(plain, People);
            var ours = new ShopContender("KafkaCache.EntityFrameworkCore", cached, ShopReads.Cached);
            var inRedis = new ShopContender(
                "rows in Redis", Options().AddInterceptors(new RedisRows(connection.GetDatabase())).Options, ShopReads.Plain);
            var bare = new ShopContender("PostgreSQL", plain, ShopReads.Plain);
            ShopContender[] all = [ours, inRedis, bare];
            await MeasureReadsAsync(all, parsed.GetValue(rounds), parsed.GetValue(reads));
            var (with, without) = await MeasureSavesAsync(cached, plain, parsed.GetValue(rounds), parsed.GetValue(saves));
            var points = await RowMarks.MeasureAsync(cache, parsed.GetValue(marks));

            var table = new Table(
                "Contender", "by key, µs", "bytes", "CachedQuery, ten rows, µs", "bytes", "LINQ, ten rows, µs", "bytes",
                "by key, a context each, µs", "bytes", "SaveChanges, mean, µs", "with pauses, median, µs");
            foreach (var one in all)
            {
                var measured = one == ours ? with : one == bare ? without : null;
                table.Add(
                    one.Name,
                    [
                        .. Cells(one.Figures.ByKey), .. Cells(one.Figures.OfGroup), .. Cells(one.Figures.Linq),
                        .. Cells(one.Figures.ByKeyOwnContext), measured?.OneByOne.Median() ?? double.NaN,
                        measured?.WithPauses.Median() ?? double.NaN,
                    ]);
            }

            Goal[] goals =
            [
                Goal.AtMost(2.5, "A hit by key", Median(ours.Figures.ByKey), "µs"),
                Goal.AtMost(2.5, "A hit of a CachedQuery", Median(ours.Figures.OfGroup), "µs"),
                Goal.AtLeast(30, "By key from Redis", Ratio(inRedis.Figures.ByKey, ours.Figures.ByKey), "× ours"),
                Goal.AtLeast(30, "The query from Redis", Ratio(inRedis.Figures.OfGroup, ours.Figures.OfGroup), "× a CachedQuery"),
                Goal.AtLeast(1.5, "LINQ from Redis", Ratio(inRedis.Figures.Linq, ours.Figures.Linq), "× ours"),
                Goal.AtMost(
                    1.03, "SaveChanges one after the other, mean", Statistics.MedianRatio(with.OneByOne, without.OneByOne),
                    "× without the cache"),
                Goal.AtMost(
                    1.03, "SaveChanges with pauses, median", Statistics.MedianRatio(with.WithPauses, without.WithPauses),
                    "× without the cache"),
                Goal.AtMost(1.05, "Memory, from half of the marks to all", points[^1].Resident / points[^3].Resident, "×"),
            ];
            var title = string.Create(
                CultureInfo.InvariantCulture,
                $"Medians of {parsed.GetValue(rounds)} rounds of {parsed.GetValue(reads)} reads, 256 of {People:N0} rows, one caller. "
                + $"Rows invalidated: entries, memory: {string.Join("; ", points)}.");
            await Report.WriteAsync(
                "ef", title, table, goals, parsed.GetValue(CommandOptions.Json),
                new
                {
                    reads = all.ToDictionary(static one => one.Name, static one => one.Figures, StringComparer.Ordinal),
                    saves = with.OneByOne, savesWithout = without.OneByOne, pausedSaves = with.WithPauses,
                    pausedSavesWithout = without.WithPauses,
                    points,
                });
        });
        return command;
    }

    private static async Task<ServiceProvider> ServicesAsync(string bootstrapServers)
    {
        var topic = $"kafkacache-benchmark-{Guid.NewGuid():N}";
        await KafkaTopics.EnsureAsync(
            TopicRequirements.ForCache(topic, Workload.Partitions, Retention),
            new EnsureTopicOptions { BootstrapServers = bootstrapServers });
        var services = new ServiceCollection();
        services.AddKafkaEfCache("shop", options =>
        {
            (options.BootstrapServers, options.Topic) = (bootstrapServers, topic);
            options.TimeToLive = TimeSpan.FromMinutes(30);
        });
        return services.BuildServiceProvider();
    }

    private static async Task MeasureReadsAsync(ShopContender[] all, int rounds, int reads)
    {
        foreach (var one in all)
        {
            await one.FillAsync();

            // Warms up the code. The figures are discarded.
            await one.MeasureAsync(reads * 2);
            foreach (var figures in new[] { one.Figures.ByKey, one.Figures.OfGroup, one.Figures.Linq, one.Figures.ByKeyOwnContext })
                figures.Clear();
        }

        for (var round = 0; round < rounds; round++)
        {
            foreach (var one in all)
                await one.MeasureAsync(reads);
        }
    }

    private static async Task<(Saves With, Saves Without)> MeasureSavesAsync(
        DbContextOptions<Shop> cached, DbContextOptions<Shop> plain, int rounds, int saves)
    {
        var (with, without) = (new Saves(cached), new Saves(plain));
        await with.WarmUpAsync(saves);
        await without.WarmUpAsync(saves);
        for (var round = 0; round < rounds; round++)
        {
            await with.MeasureAsync(saves);
            await without.MeasureAsync(saves);
        }

        return (with, without);
    }

    private static double Median(List<ShopRead> reads) => reads.Select(static read => read.Microseconds).Median();

    private static IEnumerable<double> Cells(List<ShopRead> reads) =>
        [Median(reads), reads.Select(static read => read.Bytes).Median()];

    private static double Ratio(List<ShopRead> theirs, List<ShopRead> ours) => Statistics.MedianRatio(
        theirs.Select(static read => read.Microseconds), ours.Select(static read => read.Microseconds));
}
