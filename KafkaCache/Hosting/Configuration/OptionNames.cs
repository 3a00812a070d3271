using System.Reflection;
using KafkaCaching.Clients;

namespace KafkaCaching.Hosting.Configuration;

/// <summary>The option names that a configuration section may contain, and suggestions for misspelled ones.</summary>
internal static class OptionNames
{
    public static bool IsSection(Type type) => type == typeof(StoreOptions) || type == typeof(SnapshotOptions) || ClientSettings.Are(type);

    public static bool IsTexts(Type type) => type == typeof(IDictionary<string, string>);

    public static PropertyInfo? Find(Type options, string name) =>
        Properties(options).FirstOrDefault(property => string.Equals(property.Name, name, StringComparison.OrdinalIgnoreCase));

    /// <summary>The part of a message that follows "is not an option".</summary>
    public static string Hint(Type options, string name) =>
        (InSubsection(options, name) ?? Nearest(options, name)) is { } meant ? $"; did you mean {meant}?" : ".";

    private static IEnumerable<PropertyInfo> Properties(Type options) =>
        options.GetProperties(BindingFlags.Public | BindingFlags.Instance)
            .Where(static property =>
                (property.CanWrite || IsTexts(property.PropertyType)) && property.GetIndexParameters().Length == 0);

    private static string? InSubsection(Type options, string name)
    {
        foreach (var section in Properties(options).Where(static property => IsSection(property.PropertyType)))
        {
            if (Find(section.PropertyType, name) is { } property)
                return $"{section.Name}:{property.Name}";
            if (ClientSettings.Are(section.PropertyType) && ClientSettings.IsKafkaProperty(name))
                return $"{section.Name}:{name}";
        }

        return null;
    }

    private static string? Nearest(Type options, string name)
    {
        var nearest = Properties(options)
            .Select(property => (property.Name, Distance: Distance(property.Name, name)))
            .MinBy(static one => one.Distance);
        return nearest.Distance <= Math.Max(2, name.Length / 3) ? nearest.Name : null;
    }

    // The number of letters to change, add or remove (the Levenshtein distance).
    private static int Distance(string one, string other)
    {
        var above = Enumerable.Range(0, other.Length + 1).ToArray();
        for (var i = 0; i < one.Length; i++)
        {
            var row = new int[above.Length];
            row[0] = i + 1;
            for (var j = 0; j < other.Length; j++)
            {
                var changed = char.ToUpperInvariant(one[i]) == char.ToUpperInvariant(other[j]) ? 0 : 1;
                row[j + 1] = Math.Min(above[j] + changed, Math.Min(above[j + 1], row[j]) + 1);
            }

            above = row;
        }

        return above[^1];
    }
}
