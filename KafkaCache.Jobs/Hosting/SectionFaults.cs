using Microsoft.Extensions.Configuration;

namespace KafkaCaching.Jobs.Hosting;

/// <summary>Finds the faults of a section from which options are read.</summary>
internal static class SectionFaults
{
    /// <param name="section">The section.</param>
    /// <param name="options">New options of the same type, into which the section is read.</param>
    /// <param name="isNeeded">Whether an empty section is a fault: the options have other faults, and the empty section may be their
    /// cause.</param>
    public static IEnumerable<string> Of(IConfiguration section, object options, bool isNeeded) =>
        isNeeded && section is IConfigurationSection named && !named.GetChildren().Any()
            ? [$"The section {named.Path} of the configuration is missing or empty. Correct its name, or set the options in code."]
            : OptionsSection.Bind(section, options);
}
