using System.Globalization;
using System.Text.Json;

namespace KafkaCaching.Clients;

/// <summary>What a client's statistics say of one broker (librdkafka's STATISTICS.md).</summary>
/// <param name="Broker">Its address and ID.</param>
/// <param name="Partitions">Those that the client reads from it.</param>
/// <param name="Unanswered">Requests that it has not answered.</param>
/// <param name="Answers">Whole answers that have come from it.</param>
/// <param name="SinceByte">How long ago the last byte came, also one of an answer that is not whole yet; <see langword="null"/> while it is
/// not connected.</param>
/// <param name="Throttle">For how long its quota held the client back at most, since the statistics before these.</param>
internal sealed record BrokerStatistics(
    string Broker, int[] Partitions, int Unanswered, long Answers, TimeSpan? SinceByte, TimeSpan Throttle)
{
    private const string Time = "\"ts\":";
    private const string Brokers = "\"brokers\":";
    private const string Topics = "\"topics\":";

    /// <summary>Reads what is said of the brokers; what is said of each partition, which may be a megabyte, is passed over.</summary>
    /// <param name="statistics">A JSON text.</param>
    /// <param name="at">When it was written, by the client's clock.</param>
    /// <param name="brokers">All of them.</param>
    /// <returns>Whether it could be read.</returns>
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
