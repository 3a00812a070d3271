using System.Globalization;
using KafkaCaching.Testing;
using KafkaCaching.Tests.Brokers;

namespace KafkaCaching.Tests.PublicFace.Disposal;

/// <summary>Dispose ends quickly in every state of the cache, ends all waits, and leaves no thread and no client.</summary>
public sealed class DisposeAtAnyMomentTests
{
    private const int AtOnce = 8;

    [Fact]
    public Task Ten_random_moments() => DisposeAsync(11);

    [Fact]
    [Trait("Category", "Long")]
    public Task Forty_random_moments() => DisposeAsync(44);

    [Fact]
    [Trait("Category", "Soak")]
    public Task Two_hundred_random_moments() => DisposeAsync(200);

    private static async Task DisposeAsync(int moments)
    {
        var seed = TestSeed.Next();
        using var broker = EmbeddedBroker.Start();
        var tried = new List<(DisposeMoment Moment, TimeSpan Took)>();
        var outcomes = new List<DisposeMoment.Outcome>();
        using (var kafka = new TestKafka(broker.BootstrapServers))
        {
            var atOnce = new ParallelOptions { MaxDegreeOfParallelism = AtOnce };
            await Parallel.ForEachAsync(Enumerable.Range(0, moments), atOnce, async (number, _) =>
            {
                var moment = new DisposeMoment(number, unchecked((int)seed) + number);
                var (took, ofIt) = await moment.RunAsync(broker, kafka);
                lock (tried)
                {
                    tried.Add((moment, took));
                    outcomes.AddRange(ofIt);
                }
            });
        }

        foreach (
            var state in tried.GroupBy(static one => one.Moment.ToString()[5..]).OrderBy(static state => state.Key, StringComparer.Ordinal))
            Tell($"{state.Key}: {state.Count()} times, the longest {state.Max(static one => one.Took).TotalSeconds:F2} s");
        foreach (
            var outcome in outcomes.GroupBy(static outcome => outcome)
                .OrderBy(static outcome => outcome.Key.ToString(), StringComparer.Ordinal))
            Tell($"{outcome.Key.Of}: {outcome.Count()} x {outcome.Key.What}");
        if (OperatingSystem.IsLinux())
            await NothingIsLeftAsync(broker, [.. tried.Select(static one => one.Moment.ThreadName)]);
    }

    private static async Task NothingIsLeftAsync(EmbeddedBroker broker, HashSet<string> threads)
    {
        await Eventually.TrueAsync(() => !ThreadNames().Any(threads.Contains), what: "no replay thread is left");
        var port = int.Parse(broker.BootstrapServers.Split(':')[^1], CultureInfo.InvariantCulture);
        await Eventually.TrueAsync(() => Connections(port) == 0, what: "no client is left");
    }

    private static IEnumerable<string> ThreadNames()
    {
        foreach (var thread in Directory.GetDirectories("/proc/self/task"))
        {
            string name;
            try
            {
                name = File.ReadAllText(Path.Combine(thread, "comm")).TrimEnd();
            }
            catch (IOException)
            {
                continue; // The thread has just ended.
            }

            yield return name;
        }
    }

    // The columns: number, local address, remote address, state (01 is established).
    private static int Connections(int port) => File.ReadLines("/proc/self/net/tcp").Count(line =>
        line.Split(' ', StringSplitOptions.RemoveEmptyEntries) is [_, _, var remote, "01", ..]
            && remote.EndsWith($":{port:X4}", StringComparison.Ordinal));

    private static void Tell(string line) => TestContext.Current.TestOutputHelper?.WriteLine(line);
}
