using System.Globalization;

namespace KafkaCaching.Hosting.Configuration;

/// <summary>Parses the values of settings, which a configuration holds as text.</summary>
internal static class SettingValue
{
    private static readonly HashSet<Type> Types = [
        typeof(string), typeof(bool), typeof(short), typeof(int), typeof(long), typeof(double), typeof(TimeSpan), typeof(TimeZoneInfo),
    ];

    public static bool CanBe(Type type) => Plain(type).IsEnum || Types.Contains(Plain(type));

    public static bool CanBeNull(Type type) => !type.IsValueType || Nullable.GetUnderlyingType(type) is not null;

    public static bool TryRead(Type type, string text, out object? value)
    {
        value = Read(Plain(type), text.Trim(), text);
        return value is not null;
    }

    /// <summary>The part of a message that follows "is not".</summary>
    public static string Expected(Type type) => Plain(type) switch
    {
        { IsEnum: true } plain => $"one of {string.Join(", ", Enum.GetNames(plain))}.",
        var plain when plain == typeof(bool) => "true or false.",
        var plain when plain == typeof(int) || plain == typeof(short) =>
            "a whole number, or is too large. Write digits only, without a unit.",
        var plain when plain == typeof(long) => "a size in bytes, or is too large. Write digits only, or digits followed by B, KiB, MiB, "
            + "GiB, TiB, kB, MB, GB or TB, as in 512 MiB.",
        var plain when plain == typeof(double) => "a number. Write digits only, without a unit.",
        var plain when plain == typeof(TimeZoneInfo) => "a time zone of this machine. Write its ID, as in Europe/Paris.",
        _ => $"a time. Write {ConfiguredTime.Form}, or Infinite.",
    };

    private static Type Plain(Type type) => Nullable.GetUnderlyingType(type) ?? type;

    private static object? Read(Type type, string trimmed, string text) => type switch
    {
        { IsEnum: true } => OfEnum(type, trimmed),
        _ when type == typeof(string) => text,
        _ when type == typeof(bool) => bool.TryParse(trimmed, out var truth) ? truth : null,
        _ when type == typeof(int) => int.TryParse(trimmed, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number)
            ? number
            : null,
        _ when type == typeof(short) => short.TryParse(trimmed, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number)
            ? number
            : null,
        _ when type == typeof(long) => ByteSize.Parse(trimmed),
        _ when type == typeof(double) => double.TryParse(trimmed, NumberStyles.Float, CultureInfo.InvariantCulture, out var number)
            ? number
            : null,
        _ when type == typeof(TimeZoneInfo) => TimeZoneInfo.TryFindSystemTimeZoneById(trimmed, out var zone) ? zone : null,
        _ => trimmed.Equals("Infinite", StringComparison.OrdinalIgnoreCase) ? Timeout.InfiniteTimeSpan : ConfiguredTime.Read(trimmed),
    };

    // Kafka's spelling is accepted too, such as SCRAM-SHA-512 for ScramSha512 and SASL_SSL for SaslSsl. Numbers are not accepted.
    private static object? OfEnum(Type type, string text)
    {
        var letters = text.Replace("-", "", StringComparison.Ordinal).Replace("_", "", StringComparison.Ordinal);
        var name = Enum.GetNames(type).FirstOrDefault(name => name.Equals(letters, StringComparison.OrdinalIgnoreCase));
        return name is null ? null : Enum.Parse(type, name);
    }
}
