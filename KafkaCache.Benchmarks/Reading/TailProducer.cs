using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using Confluent.Kafka;
using KafkaCaching.Testing;

namespace KafkaCaching.Benchmarks.Reading;

/// <summary>An embedded broker and a producer that updates random keys at a constant rate. They run in a separate process, so that their
/// cost is not attributed to the reader. The process first prints the broker's address. At each input line, it starts or pauses the
/// updates, and prints the number of records sent so far.</summary>
internal static class TailProducer
{
    public const string Topic = "tail";
    public const string Verb = "tail-producer";
    private static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(2);

    public static Command ChildCommand()
    {
        var entries = CommandOptions.Records();
        var rate = CommandOptions.Count("--rate", 50_000, "Records a second.");
        var command = new Command(Verb, "Updates keys at a steady rate.") { entries, rate };
        command.Hidden = true;
        command.SetAction((parsed, _) => RunAsync(parsed.GetValue(entries), parsed.GetValue(rate)));
        return command;
    }

    private static async Task RunAsync(int entries, int recordsPerSecond)
    {
        using var broker = EmbeddedBroker.Start();
        broker.CreateTopic(Topic, Workload.Partitions);
        using var producer = new ProducerBuilder<string, byte[]>(
            new ProducerConfig { BootstrapServers = broker.BootstrapServers, LingerMs = 5 }).Build();
        var random = new Random(1);
        var total = 0L;
        Console.WriteLine(broker.BootstrapServers);
        while (await Console.In.ReadLineAsync() is not null)
        {
            using var pause = new CancellationTokenSource();
            var producing = ProduceAsync(pause.Token);
            Console.WriteLine(total);
            await Console.In.ReadLineAsync(CancellationToken.None);
            await pause.CancelAsync();
            await producing;
            producer.Flush(CancellationToken.None);
            Console.WriteLine(total);
        }

        async Task ProduceAsync(CancellationToken pause)
        {
            await Task.Yield();
            var start = Stopwatch.GetTimestamp();
            var sent = 0L;
            using var timer = new PeriodicTimer(Tick);
            while (!pause.IsCancellationRequested)
            {
                await timer.WaitForNextTickAsync(CancellationToken.None);
                for (var due = (long)(Stopwatch.GetElapsedTime(start).TotalSeconds * recordsPerSecond); sent < due; sent++, total++)
                {
                    var number = random.Next(entries);
                    producer.Produce(
                        new TopicPartition(Topic, Workload.PartitionOf(number)),
                        new Message<string, byte[]> { Key = Workload.Key(number), Value = Workload.Value(number) });
                }
            }
        }
    }
}
