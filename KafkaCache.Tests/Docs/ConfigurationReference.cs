using System.Reflection;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using KafkaCaching.Tests.PublicApi;

namespace KafkaCaching.Tests.Docs;

/// <summary>Generates the table of options from the option classes and their XML documentation.</summary>
internal static partial class ConfigurationReference
{
    private static readonly XDocument Documentation = XDocument.Load(Path.ChangeExtension(typeof(KafkaCache).Assembly.Location, ".xml"));

    public static string Text => $"""
        # Configuration reference

        This table lists every option of `KafkaCacheOptions<TKey, TValue>`, from its XML documentation. All are validated at the start, and
        all faults are reported at once. In a [section of the configuration](hosting.md#settings-in-configuration) the key is the option's
        name, with `:` for the dot; options marked † are set in code only. [With your Kafka](kafka.md) says what the cache sets itself in
        `Client`, `Consumer` and `Producer`.

        | Option | Type | Default | Meaning |
        |---|---|---|---|
        {string.Join('\n', Rows(new KafkaCacheOptions<string, object>(), prefix: ""))}
        {string.Join('\n', Rows(new StoreOptions(), prefix: "Store."))}
        {string.Join('\n', Rows(new SnapshotOptions(), prefix: "Snapshot."))}

        """;

    private static IEnumerable<string> Rows(object defaults, string prefix) => defaults.GetType()
        .GetProperties()
        .OrderBy(static property => property.MetadataToken)
        .Where(static property => property.PropertyType != typeof(StoreOptions) && property.PropertyType != typeof(SnapshotOptions))
        .Select(property => Row($"`{prefix}{property.Name}`{(IsText(property) ? "" : " †")}", property, property.GetValue(defaults)));

    private static string Row(string option, PropertyInfo property, object? value)
    {
        // The part of the summary after "Default:" has its own column, and must begin with the value that a new object has.
        var (meaning, standard) = Summary(property).Split(" Default: ") switch
        {
            [var all] when all.Contains("Required", StringComparison.Ordinal) => (all, ""),
            [var first, var last] when last.StartsWith(Told(value), StringComparison.Ordinal) => (first, last.TrimEnd('.')),
            _ => throw new InvalidOperationException($"The summary of {option} must end with its default, {Told(value)}, or say Required."),
        };
        return $"| {option} | {TypeOf(property)} | {standard} | {meaning} |";
    }

    /// <summary>The text with which a default must begin; empty if there is no unique text.</summary>
    private static string Told(object? value) => value switch
    {
        bool flag => flag ? "`true`" : "`false`",
        Enum => $"`{value}`",
        TimeSpan time when time.Seconds == 0 => $"{time.TotalMinutes} minutes",
        TimeSpan time => $"{time.TotalSeconds} seconds",
        long bytes when bytes % (1 << 30) == 0 => $"{bytes >> 30} GiB",
        long bytes when bytes % (1 << 20) == 0 => $"{bytes >> 20} MiB",
        long bytes => $"{bytes / 1_000_000} MB",
        _ => "",
    };

    private static bool IsText(PropertyInfo property)
    {
        var type = Nullable.GetUnderlyingType(property.PropertyType) ?? property.PropertyType;
        return type.IsPrimitive
            || type.IsEnum || type == typeof(string) || type == typeof(TimeSpan)
            || typeof(Confluent.Kafka.ClientConfig).IsAssignableFrom(type);
    }

    private static string TypeOf(PropertyInfo property)
    {
        var type = Declaring(property).GetProperty(property.Name)!.PropertyType;
        return $"`{TypeNames.Of(Nullable.GetUnderlyingType(type) ?? type)}`";
    }

    private static string Summary(PropertyInfo property)
    {
        var name = $"P:{Declaring(property).FullName}.{property.Name}";
        var summary = Documentation.Descendants("member").Single(member => member.Attribute("name")!.Value == name).Element("summary")!;
        var text = Blank().Replace(string.Concat(summary.Nodes().Select(Plain)), " ").Trim().Replace("|", "\\|", StringComparison.Ordinal);
        if (property.PropertyType.IsEnum)
            text = text.Replace($"{property.PropertyType.Name}.", "", StringComparison.Ordinal); // Sections omit the type.
        return Page().Replace(text, "[docs/${page}](${page})");
    }

    private static Type Declaring(PropertyInfo property) =>
        property.DeclaringType is { IsGenericType: true } closed ? closed.GetGenericTypeDefinition() : property.DeclaringType!;

    private static string Plain(XNode node) => node switch
    {
        XText text => text.Value,
        XElement { Name.LocalName: "c" } code => $"`{code.Value}`",
        XElement element => $"`{element.Attribute("langword")?.Value ?? ShortName(element.Attribute("cref")!.Value)}`",
        _ => throw new InvalidOperationException($"Documentation holds what no table can: {node}"),
    };

    private static string ShortName(string reference)
    {
        var parts = Arity().Replace(reference[2..], "").Split('.');
        return parts is [.., "KafkaCacheOptions" or "StoreOptions" or "SnapshotOptions", var own]
            ? own : reference[0] is 'T' ? parts[^1]
            : $"{parts[^2]}.{parts[^1]}";
    }

    [GeneratedRegex(@"\s+", RegexOptions.None, matchTimeoutMilliseconds: 10_000)]
    private static partial Regex Blank();

    [GeneratedRegex(@"docs/(?<page>[\w-]+\.md)", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 10_000)]
    private static partial Regex Page();

    [GeneratedRegex(@"`+\d+|\(.*\)", RegexOptions.None, matchTimeoutMilliseconds: 10_000)]
    private static partial Regex Arity();
}
