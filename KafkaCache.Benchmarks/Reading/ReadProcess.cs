using System.Globalization;
using System.Text.Json;

namespace KafkaCaching.Benchmarks.Reading;

/// <summary>The process of a contender, and both ends of its communication with the driver.</summary>
internal sealed class ReadProcess : IDisposable
{
    private const string AskApplied = "applied";

    private readonly ChildProcess _child;

    private ReadProcess(string verb, string contender, int entries, bool tieredPgo, params IEnumerable<string> arguments)
    {
        Contender = contender;
        _child = new ChildProcess(
            RuntimeSettings.Of(tieredPgo), [verb, contender, "--records", entries.ToString(CultureInfo.InvariantCulture), .. arguments]);
    }

    public string Contender { get; }

    /// <summary>Starts a contender that creates its entries itself. <paramref name="tail"/> is the address of the broker from which it
    /// reads a tail.</summary>
    public static ReadProcess Start(string contender, int entries, bool tieredPgo = true, string? tail = null) =>
        new(ReadContenders.Verb, contender, entries, tieredPgo, tail is null ? [] : [CommandOptions.BootstrapServers.Name, tail]);

    /// <summary>Starts a Streamiz contender, which restores its entries from a topic.</summary>
    public static ReadProcess StartStreamiz(string contender, int entries, bool tieredPgo, string bootstrapServers, string topic) => new(
        StreamizReads.Verb, contender, entries, tieredPgo,
        CommandOptions.BootstrapServers.Name, bootstrapServers, StreamizReads.Topic.Name, topic);

    /// <summary>Waits until the contender has its entries.</summary>
    public void WaitUntilReady() => _child.NextLine();

    public ReadBlock Measure(string keys, int threads) => JsonSerializer.Deserialize<ReadBlock>(_child.Ask($"{keys} {threads}"))!;

    public long Applied() => long.Parse(_child.Ask(AskApplied), CultureInfo.InvariantCulture);

    public void Dispose() => _child.Dispose();

    /// <summary>The child's end of the communication.</summary>
    public static void Serve(ReadContender contender, int entries)
    {
        var keys = KeySets.Of(entries);
        var lanes = new Dictionary<string, ReadLanes>(StringComparer.Ordinal);
        Console.WriteLine("ready");
        while (Console.ReadLine() is { } line)
            Console.WriteLine(
                line == AskApplied
                    ? contender.Applied().ToString(CultureInfo.InvariantCulture)
                    : JsonSerializer.Serialize(LanesOf(line).Measure()));

        ReadLanes LanesOf(string line)
        {
            if (lanes.TryGetValue(line, out var known))
                return known;
            var words = line.Split(' ');
            return lanes[line] = new ReadLanes(contender, keys[words[0]], int.Parse(words[1], CultureInfo.InvariantCulture));
        }
    }
}
