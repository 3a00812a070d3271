using System.Globalization;

namespace KafkaCaching.Demo.Http;

/// <summary>Where an entry came from, as response headers: who sends the position along with a next request reads nothing older then.</summary>
internal static class PositionHeaders
{
    public const string Position = "KafkaCache-Position";
    public const string Timestamp = "KafkaCache-Timestamp";

    public static void Set<TValue>(HttpResponse response, string cache, in CacheEntry<TValue> entry)
    {
        response.Headers[Position] = $"{cache}={entry.Position}";
        response.Headers[Timestamp] = entry.Timestamp.ToUniversalTime().ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);
    }
}
