using System.Globalization;
using System.IO.Hashing;
using System.Text.Json;

namespace KafkaCaching.Tests.Jobs;

/// <summary>The code of a child process, which runs this test of this assembly. It has a refreshed cache, and threads that check what they
/// read from it. A line on standard input requests a refresh, its leadership or its content. See
/// <see cref="KilledRefreshTests"/>.</summary>
public sealed class ChildPrices
{
    public const string ServersVariable = "KAFKACACHE_TEST_PRICES_SERVERS";
    public const string TopicVariable = "KAFKACACHE_TEST_PRICES_TOPIC";
    public const string NumberVariable = "KAFKACACHE_TEST_PRICES_NUMBER";
    public const string RowsVariable = "KAFKACACHE_TEST_PRICES_ROWS";

    // The number of different row ranges. The ranges of consecutive fetches overlap by at most nine tenths, and recur.
    private const int Ranges = 20;
    private const int MaxFetches = 1_000_000;

    [Fact(Explicit = true)]
    public async Task Run()
    {
        var servers = Environment.GetEnvironmentVariable(ServersVariable);
        Assert.SkipWhen(servers is null, "Only for processes that another test starts.");
        var (rows, number) = (Of(RowsVariable), Of(NumberVariable));
        var source = new PriceSource
        {
            Rows = fetch => PriceSource.Of((number * MaxFetches) + fetch, rows, (int)((fetch + number) % Ranges) * (rows / 10)),
        };
        await using var pod = await PricePod.StartAsync(
            servers, Environment.GetEnvironmentVariable(TopicVariable)!, source,
            static o => (o.Store.MemoryBudget, o.RefreshTimeout) = (512L << 20, TimeSpan.FromMinutes(2)));
        using var readers = new PriceReaders(1 + (number % 2), rows, _ => pod.Prices, static fault => Say($"fault {fault}"));
        Say("ready 0");
        while (await Console.In.ReadLineAsync(TestContext.Current.CancellationToken) is { } asked and not "stop")
        {
            if (asked == "refresh")
                _ = RefreshAsync(pod);
            else if (asked == "leads")
                Say($"leads {(pod.Prices.Status.IsLeader ? 1 : 0)}");
            else
                SayContent(pod, readers);
        }
    }

    private static int Of(string variable) => int.Parse(Environment.GetEnvironmentVariable(variable)!, CultureInfo.InvariantCulture);

    private static async Task RefreshAsync(PricePod pod)
    {
        try
        {
            await pod.Prices.RefreshAsync(TestContext.Current.CancellationToken);
            Say($"refreshed {pod.Prices.Current.Version}");
        }
        catch (Exception failed)
        {
            Say($"fault {failed.Message}");
        }
    }

    private static void SayContent(PricePod pod, PriceReaders readers)
    {
        var current = pod.Prices.Current;
        Say($"version {current.Version}");
        Say($"reads {readers.Reads}");
        Say($"content {(long)XxHash3.HashToUInt64(JsonSerializer.SerializeToUtf8Bytes(current.Items))}");
    }

    private static void Say(string line) => Console.WriteLine(line);
}
