using System.Reflection;
using KafkaCaching.Clients;
using Microsoft.Extensions.Configuration;

namespace KafkaCaching.Hosting.Configuration;

/// <summary>Sets options from a section of the configuration. No key is ignored: a key that is not an option, or whose value can't be read,
/// is reported with its full path. Values are never reported, because they may be secrets.</summary>
internal static class SectionBinder
{
    /// <returns>The faults. Each names a key that could not be set and says what to change.</returns>
    public static IReadOnlyList<string> Bind(IConfiguration section, object options)
    {
        var faults = new List<string>();
        foreach (var setting in section.GetChildren())
            faults.AddRange(Set(setting, options));
        return faults;
    }

    private static IReadOnlyList<string> Set(IConfigurationSection setting, object options)
    {
        if (OptionNames.Find(options.GetType(), setting.Key) is { } property)
            return OptionNames.IsSection(property.PropertyType) ? SetSection(setting, property, options)
                : OptionNames.IsTexts(property.PropertyType) ? SetTexts(setting, (IDictionary<string, string>)property.GetValue(options)!)
                : SetValue(setting, property, options);
        if (!ClientSettings.Are(options.GetType()) || !ClientSettings.IsKafkaProperty(setting.Key))
            return [$"{setting.Path} is not an option{OptionNames.Hint(options.GetType(), setting.Key)} Correct its name, or remove it."];
        return IsSection(setting)
            ? [NotOneValue(setting)]
            : SetOnce(setting, options, () => ClientSettings.Set(options, setting.Key, setting.Value));
    }

    private static IReadOnlyList<string> SetSection(IConfigurationSection setting, PropertyInfo property, object options)
    {
        if (!string.IsNullOrEmpty(setting.Value))
            return [$"{setting.Path} is a value, but should be a section with settings of its own."];
        var section = property.GetValue(options);
        if (section is null)
            property.SetValue(options, section = Activator.CreateInstance(property.PropertyType)!);
        return Bind(setting, section);
    }

    private static List<string> SetTexts(IConfigurationSection setting, IDictionary<string, string> texts)
    {
        if (!string.IsNullOrEmpty(setting.Value))
            return [$"{setting.Path} is a value, but should be a section with names and values."];
        var faults = new List<string>();
        foreach (var one in setting.GetChildren())
        {
            if (IsSection(one))
                faults.Add(NotOneValue(one));
            else
                texts[one.Key] = one.Value ?? "";
        }

        return faults;
    }

    private static IReadOnlyList<string> SetValue(IConfigurationSection setting, PropertyInfo property, object options)
    {
        var type = property.PropertyType;
        if (!SettingValue.CanBe(type))
            return [
                $"{setting.Path} can't be set by configuration. Remove it, and set {property.Name} in code, in the action that is passed "
                + "with the section.",
            ];
        if (IsSection(setting))
            return [NotOneValue(setting)];
        if (setting.Value is not { } text)
        {
            return SettingValue.CanBeNull(type)
                ? TakeBack(property, options)
                : [$"{setting.Path} is null. Give it a value, or remove it to use the default."];
        }

        return SettingValue.TryRead(type, text, out var value)
            ? SetOnce(setting, options, () => property.SetValue(options, value))
            : [$"{setting.Path} is not {SettingValue.Expected(type)}"];
    }

    // Only a property that has a value is reset, because some of Confluent's setters throw on null. Some properties have no getter.
    private static IReadOnlyList<string> TakeBack(PropertyInfo property, object options)
    {
        if (property.CanRead && property.GetValue(options) is not null)
            property.SetValue(options, null);
        return [];
    }

    // Each of Kafka's settings has at least two names. If it were set under two of them, it would be undefined which value is used.
    private static IReadOnlyList<string> SetOnce(IConfigurationSection setting, object options, Action set)
    {
        var before = ClientSettings.Count(options);
        set();
        return setting.Value is not null && before is not null && before == ClientSettings.Count(options)
            ? [$"{setting.Path} is set twice in its section, under two names. Remove one of them."]
            : [];
    }

    private static bool IsSection(IConfigurationSection setting) => setting.GetChildren().Any();

    private static string NotOneValue(IConfigurationSection setting) => $"{setting.Path} is a section or a list, but should be one value.";
}
