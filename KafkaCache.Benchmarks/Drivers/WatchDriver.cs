using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using KafkaCaching.Benchmarks.Reading;
using KafkaCaching.Benchmarks.Watching;

namespace KafkaCaching.Benchmarks.Drivers;

/// <summary>Measures the cost of watching: the processor time per record with one watcher, and a service with a thousand clients.</summary>
internal static class WatchDriver
{
    private const int Entries = 1_000_000;
    private const int RecordsPerSecond = 50_000;
    private static readonly TimeSpan Round = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    public static Command Command()
    {
        var rounds = CommandOptions.Rounds(10);
        var clients = CommandOptions.Count("--clients", 1_000, "Clients of one service that get every change.");
        var seconds = CommandOptions.Count("--seconds", 30, "How long they do, with one update a second.");
        var command = new Command(
            "watch", "Follows a tail with and without a watcher, then serves changes to many clients. Needs no Kafka.")
        {
            CommandOptions.Json, rounds, clients, seconds,
        };
        command.SetAction(async parsed =>
        {
            var (without, with) = Follow(parsed.GetValue(rounds));
            var samples = await StreamAsync(parsed.GetValue(clients), parsed.GetValue(seconds));
            var table = new Table("Follower", $"CPU µs a record, at {RecordsPerSecond:N0} records/s");
            table.Add("no watcher", without.Median());
            table.Add("one watcher", with.Median());
            var settled = samples.Skip(samples.Count / 3).Select(static sample => sample.ResidentMiB).ToArray();
            Goal[] goals =
            [
                Goal.AtMost(1.2, "A record that one watcher hears of", Statistics.MedianRatio(with, without), "× the CPU of one unheard"),
                Goal.AtMost(0, "Lag of a service with many clients, most", samples.Max(static sample => sample.Lag), "records"),
                Goal.AtMost(1.1, "Its resident memory after a third of the time, highest", settled.Max() / settled.Min(), "× the lowest"),
            ];
            var title = string.Create(
                CultureInfo.InvariantCulture,
                $"Watching {Entries:N0} entries, medians of {parsed.GetValue(rounds)} rounds; then {parsed.GetValue(clients):N0} clients "
                + $"of one service for {parsed.GetValue(seconds)} s, resident memory {settled[^1]:N0} MiB.");
            await Report.WriteAsync("watch", title, table, goals, parsed.GetValue(CommandOptions.Json), new { without, with, samples });
        });
        return command;
    }

    private static (List<double> Without, List<double> With) Follow(int rounds)
    {
        using var producer = Producer(Entries, RecordsPerSecond);
        var tail = producer.NextLine();
        using var without = TailFollower.Start(Entries, tail, watchers: 0);
        using var with = TailFollower.Start(Entries, tail, watchers: 1);
        without.NextLine();
        with.NextLine();
        var (unheard, heard) = (new List<double>(), new List<double>());
        for (var round = 0; round < rounds; round++)
        {
            producer.Ask("");
            Thread.Sleep(Second);
            var (before, beforeHeard) = (Sample(without), Sample(with));
            Thread.Sleep(Round);
            unheard.Add(Sample(without).CpuPerRecordSince(before));
            heard.Add(Sample(with).CpuPerRecordSince(beforeHeard));
            producer.Ask("");
        }

        return (unheard, heard);
    }

    private static FollowerSample Sample(ChildProcess follower) => JsonSerializer.Deserialize<FollowerSample>(follower.Ask(""))!;

    private static async Task<List<StreamSample>> StreamAsync(int count, int seconds)
    {
        using var producer = Producer(entries: 100, recordsPerSecond: 1);
        var tail = producer.NextLine();
        using var server = new ChildProcess(StreamServer.Verb, CommandOptions.BootstrapServers.Name, tail);
        var address = new Uri(server.NextLine());
        await using var clients = new StreamClients(new Uri(address, StreamServer.Path), count);
        while (Stream(server).Watchers < count)
            await Task.Delay(Second / 10);
        producer.Ask("");
        var samples = new List<StreamSample>();
        for (var second = 0; second < seconds; second++)
        {
            await Task.Delay(Second);
            samples.Add(Stream(server));
        }

        var sent = long.Parse(producer.Ask(""), CultureInfo.InvariantCulture);
        for (var tries = 0; clients.Fewest < sent; tries++)
        {
            if (tries == 100)
                throw new InvalidOperationException($"A client has got {clients.Fewest:N0} of {sent:N0} changes.");
            await Task.Delay(Second / 10);
        }

        return samples;
    }

    private static StreamSample Stream(ChildProcess server) => JsonSerializer.Deserialize<StreamSample>(server.Ask(""))!;

    private static ChildProcess Producer(int entries, int recordsPerSecond) => new(
        TailProducer.Verb, "--records", entries.ToString(CultureInfo.InvariantCulture), "--rate",
        recordsPerSecond.ToString(CultureInfo.InvariantCulture));
}
