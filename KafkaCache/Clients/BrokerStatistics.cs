using System.Globalization;
using System.Text.Json;

namespace KafkaCaching.Clients;

/// <summary>The part of a client's statistics that is about one broker (see librdkafka's STATISTICS.md).</summary>
/// <param name="Broker">The broker's address and ID.</param>
/// <param name="Partitions">The partitions that the client reads from the broker.</param>
/// <param name="Unanswered">The number of requests to which the broker has not responded yet.</param>
/// <param name="Answers">The number of complete responses that the broker has sent.</param>
/// <param name="SinceByte">The time since the last byte arrived, even if it belongs to a response that is not complete yet;
/// <see langword="null"/> while the broker is not connected.</param>
/// <param name="Throttle">The longest time for which the broker's quota has throttled the client since the previous statistics.</param>
internal sealed record BrokerStatistics(
    string Broker, int[] Partitions, int Unanswered, long Answers, TimeSpan? SinceByte, TimeSpan Throttle)
{
    private const string Time = "\"ts\":";
    private const string Brokers = "\"brokers\":";
    private const string Topics = "\"topics\":";

    /// <summary>Reads the part about the brokers. The part about the partitions is skipped, because it may be a megabyte.</summary>
    /// <param name="statistics">The statistics as JSON.</param>
    /// <param name="at">When the statistics were written, according to the client's clock.</param>
    /// <param name="brokers">All brokers in the statistics.</param>
    /// <returns>Whether the statistics could be read.</returns>
    public static bool TryRead(string statistics, out TimeSpan at, out List<BrokerStatistics> brokers)
    {
        (at, brokers) = (default, []);
        var begin = statistics.IndexOf(Brokers, StringComparison.Ordinal);
        var end = begin < 0 ? -1 : statistics.IndexOf(Topics, begin, StringComparison.Ordinal);
        if (end < 0 || !TryReadTime(statistics.AsSpan(0, begin), out at))
            return false;
        begin += Brokers.Length;
        try
        {
            using var json = JsonDocument.Parse(statistics.AsMemory(begin, statistics.LastIndexOf('}', end) + 1 - begin));
            foreach (var broker in json.RootElement.EnumerateObject())
                brokers.Add(Read(broker.Value));
            return true;
        }
        catch (Exception unreadable) when (unreadable is JsonException or KeyNotFoundException or InvalidOperationException
            or FormatException or ArgumentException)
        {
            return false;
        }
    }

    private static bool TryReadTime(ReadOnlySpan<char> head, out TimeSpan at)
    {
        at = default;
        var begin = head.LastIndexOf(Time, StringComparison.Ordinal);
        if (begin < 0)
            return false;
        head = head[(begin + Time.Length)..];
        var end = head.IndexOf(',');
        if (end < 0 || !long.TryParse(head[..end], NumberStyles.AllowLeadingWhite, CultureInfo.InvariantCulture, out var microseconds))
            return false;
        at = TimeSpan.FromMicroseconds(microseconds);
        return true;
    }

    private static BrokerStatistics Read(JsonElement broker)
    {
        var sinceByte = broker.GetProperty("rxidle").GetInt64();
        return new BrokerStatistics(
            broker.GetProperty("name").GetString()!,
            [.. broker.GetProperty("toppars").EnumerateObject().Select(static one => one.Value.GetProperty("partition").GetInt32())],
            broker.GetProperty("waitresp_cnt").GetInt32(),
            broker.GetProperty("rx").GetInt64(),
            sinceByte < 0 ? null : TimeSpan.FromMicroseconds(sinceByte),
            TimeSpan.FromMilliseconds(broker.GetProperty("throttle").GetProperty("max").GetInt64()));
    }
}
