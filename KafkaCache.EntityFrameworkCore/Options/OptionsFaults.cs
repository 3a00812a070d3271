using System.Globalization;

namespace KafkaCaching.EntityFrameworkCore.Options;

/// <summary>Checks what the options of this package say. Those of the hybrid cache are checked there.</summary>
internal static class OptionsFaults
{
    public static IEnumerable<string> Of(KafkaEfCacheOptions options)
    {
        if (options.InvalidationTimeout < TimeSpan.FromMilliseconds(10) || options.InvalidationTimeout > TimeSpan.FromMinutes(1))
            yield return $"InvalidationTimeout is {options.InvalidationTimeout}. Set it from 10 ms to 1 minute.";
        if (options.MostMarkedRows is < 0 or > 10_000)
            yield return string.Create(
                CultureInfo.InvariantCulture, $"MostMarkedRows is {options.MostMarkedRows}. Set it from 0 to 10000.");
    }
}
