using System.CommandLine;
using System.Diagnostics;
using System.Diagnostics.Metrics;
using System.Globalization;
using KafkaCaching.Benchmarks.Refreshing;
using KafkaCaching.Jobs;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace KafkaCaching.Benchmarks.Drivers;

/// <summary>Measures a refreshed cache in which each refresh changes one row in a hundred: the bytes that a refresh writes, and its cost
/// for concurrent reads.</summary>
internal static class RefreshDriver
{
    private static readonly TimeSpan Quiet = TimeSpan.FromSeconds(1);

    public static Command Command()
    {
        var rows = CommandOptions.Count("--rows", 100_000, "Rows of the cache.");
        var rounds = CommandOptions.Rounds(20);
        var command = new Command("refresh", "What refreshes of one row in a hundred write, and what they cost the readers.")
        {
            CommandOptions.BootstrapServers, CommandOptions.Json, rows, rounds,
        };
        command.SetAction(async parsed =>
        {
            await using var kafka = await BenchmarkKafka.OpenAsync(parsed.GetValue(CommandOptions.BootstrapServers));
            var round = 0;
            using var host = Build(kafka.BootstrapServers, () => RefreshedRow.All(parsed.GetValue(rows), Volatile.Read(ref round)));
            await host.StartAsync();
            var cache = host.Services.GetRequiredService<IRefreshedCache<int, RefreshedRow>>();
            await cache.WaitUntilReadyAsync();
            using var written = new WrittenBytes();
            var all = written.Now();
            var times = new List<double>();
            using (var reader = new SwapReader(cache, parsed.GetValue(rows)))
            {
                for (round = 1; round <= parsed.GetValue(rounds); round++)
                {
                    await Task.Delay(Quiet);
                    reader.IsRefreshing = true;
                    var started = Stopwatch.GetTimestamp();
                    await cache.RefreshAsync();
                    times.Add(Stopwatch.GetElapsedTime(started).TotalSeconds);
                    reader.IsRefreshing = false;
                }

                var each = (written.Now() - all) / (double)parsed.GetValue(rounds);
                var table = new Table("Reads", "p50, ns", "p99, ns", "p99.9, ns");
                table.Add("quiet", reader.Quiet.Quantile(0.5), reader.Quiet.Quantile(0.99), reader.Quiet.Quantile(0.999));
                table.Add(
                    "while a refresh is under way", reader.Beside.Quantile(0.5), reader.Beside.Quantile(0.99),
                    reader.Beside.Quantile(0.999));
                Goal[] goals =
                [
                    Goal.AtMost(0, "Reads that failed", reader.Failed, "reads"),
                    Goal.AtMost(
                        1.2, "Reads while a refresh is under way, p99", reader.Beside.Quantile(0.99) / reader.Quiet.Quantile(0.99),
                        "× quiet"),
                    Goal.AtMost(1.1, "Bytes written where 1 % of the rows changed", 100 * each / all, "% of all"),
                ];
                var title = string.Create(
                    CultureInfo.InvariantCulture,
                    $"{parsed.GetValue(rows):N0} rows, {parsed.GetValue(rounds)} refreshes that change 1 %, each {times.Median():F2} s "
                    + $"(median), {each / 1024:N0} KiB of {all / 1024:N0} KiB.");
                await Report.WriteAsync("refresh", title, table, goals, parsed.GetValue(CommandOptions.Json), new { times, each, all });
            }

            await host.StopAsync();
        });
        return command;
    }

    private static IHost Build(string bootstrapServers, Func<IReadOnlyCollection<RefreshedRow>> fetch)
    {
        var builder = Host.CreateEmptyApplicationBuilder(settings: null);
        builder.Services.AddRefreshedCache<int, RefreshedRow>("rows", options =>
        {
            options.BootstrapServers = bootstrapServers;
            options.Topic = $"kafkacache-benchmark-{Guid.NewGuid():N}";
            options.Every = TimeSpan.FromDays(1);
            options.Key = static row => row.Id;
            options.Fetch = (_, _) => Task.FromResult(fetch());
            options.MaxTransactionBytes = 1L << 30;
            options.TransactionTimeout = TimeSpan.FromMinutes(5);
            options.Store.MemoryBudget = 4L << 30;
        });
        return builder.Build();
    }

    /// <summary>Reads the meter's count of the bytes of all written rows.</summary>
    private sealed class WrittenBytes : IDisposable
    {
        private readonly MeterListener _listener = new();
        private long _bytes;

        public WrittenBytes()
        {
            _listener.InstrumentPublished = static (instrument, listener) =>
            {
                if (instrument.Name == "kafkacache.refresh.written")
                    listener.EnableMeasurementEvents(instrument);
            };
            _listener.SetMeasurementEventCallback<long>((_, bytes, _, _) => _bytes = bytes);
            _listener.Start();
        }

        public long Now()
        {
            _listener.RecordObservableInstruments();
            return _bytes;
        }

        public void Dispose() => _listener.Dispose();
    }
}
