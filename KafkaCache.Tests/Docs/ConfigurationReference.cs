using System.Globalization;
using System.Reflection;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using KafkaCaching.Tests.PublicApi;

namespace KafkaCaching.Tests.Docs;

/// <summary>The table of options, from the options themselves and their XML documentation.</summary>
internal static partial class ConfigurationReference
{
    private static readonly XDocument Documentation = XDocument.Load(Path.ChangeExtension(typeof(KafkaCache).Assembly.Location, ".xml"));

    public static string Text => $"""
        # Configuration reference

        Every option of `KafkaCacheOptions<TKey, TValue>`, generated from the options and their XML documentation. All are validated at the
        start, and all faults are reported at once. In a [section of the configuration](hosting.md#settings-in-configuration) the key is the
        option's name, with `:` for the dot; `Client`, `Consumer` and `Producer` are sections. Options marked † are set in code only.

        | Option | Type | Default | Meaning |
        |---|---|---|---|
        {string.Join('\n', Rows(typeof(KafkaCacheOptions<string, object>), new KafkaCacheOptions<string, object>(), prefix: ""))}
        {string.Join('\n', Rows(typeof(StoreOptions), new StoreOptions(), prefix: "Store."))}
        {string.Join('\n', Rows(typeof(SnapshotOptions), new SnapshotOptions(), prefix: "Snapshot."))}

        [With your Kafka](kafka.md) says what the cache sets itself in `Client`, `Consumer` and `Producer`.

        """;

    private static IEnumerable<string> Rows(Type type, object defaults, string prefix) => type
        .GetProperties()
        .OrderBy(static property => property.MetadataToken)
        .Where(static property => property.PropertyType != typeof(StoreOptions) && property.PropertyType != typeof(SnapshotOptions))
        .Select(property =>
            $"| `{prefix}{property.Name}`{(IsText(property) ? "" : " †")} | {TypeOf(property)} | {Default(property.GetValue(defaults))} "
            + $"| {Summary(property)} |");

    private static bool IsText(PropertyInfo property)
    {
        var type = Nullable.GetUnderlyingType(property.PropertyType) ?? property.PropertyType;
        return type.IsPrimitive
            || type.IsEnum || type == typeof(string) || type == typeof(TimeSpan)
            || typeof(Confluent.Kafka.ClientConfig).IsAssignableFrom(type);
    }

    private static string Default(object? value) => value switch
    {
        CacheIndexes<object> => "",
        null => "",
        TimeProvider => "the system's",
        TimeSpan time => $"`{time.ToString("c", CultureInfo.InvariantCulture)}`",
        bool flag => flag ? "`true`" : "`false`",
        _ => $"`{Convert.ToString(value, CultureInfo.InvariantCulture)}`",
    };

    private static string TypeOf(PropertyInfo property)
    {
        var type = Declaring(property).GetProperty(property.Name)!.PropertyType;
        return $"`{TypeNames.Of(Nullable.GetUnderlyingType(type) ?? type)}`";
    }

    private static string Summary(PropertyInfo property)
    {
        var name = $"P:{Declaring(property).FullName}.{property.Name}";
        var summary = Documentation.Descendants("member").Single(member => member.Attribute("name")!.Value == name).Element("summary")!;
        return Blank().Replace(string.Concat(summary.Nodes().Select(Plain)), " ").Trim().Replace("|", "\\|", StringComparison.Ordinal);
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

    [GeneratedRegex(@"`+\d+|\(.*\)", RegexOptions.None, matchTimeoutMilliseconds: 10_000)]
    private static partial Regex Arity();
}
