using System.Globalization;

namespace KafkaCaching.Hosting.Configuration;

/// <summary>Parses human-readable sizes in bytes, such as <c>536870912</c>, <c>512 MiB</c> or <c>1.5GB</c>. Every option of type
/// <see cref="long"/> is a number of bytes.</summary>
internal static class ByteSize
{
    private static readonly Dictionary<string, long> Units = new(StringComparer.OrdinalIgnoreCase)
    {
        [""] = 1,
        ["B"] = 1,
        ["kB"] = 1_000,
        ["MB"] = 1_000_000,
        ["GB"] = 1_000_000_000,
        ["TB"] = 1_000_000_000_000,
        ["KiB"] = 1L << 10,
        ["MiB"] = 1L << 20,
        ["GiB"] = 1L << 30,
        ["TiB"] = 1L << 40,
    };

    /// <returns>The number, or <see langword="null"/> if the text is not a size, not a whole number of bytes, or too large.</returns>
    public static long? Parse(string text)
    {
        var digits = text.TrimEnd([.. "BKMGTIbkmgti "]);
        if (!Units.TryGetValue(text[digits.Length..].Trim(), out var unit)
            || !decimal.TryParse(
                digits, NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number)
            || Math.Abs(number) > long.MaxValue / unit)
        {
            return null;
        }

        var bytes = number * unit;
        return bytes == decimal.Truncate(bytes) ? (long)bytes : null;
    }
}
