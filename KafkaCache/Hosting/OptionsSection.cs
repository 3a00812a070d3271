using KafkaCaching.Hosting.Configuration;
using Microsoft.Extensions.Configuration;

namespace KafkaCaching;

/// <summary>Sets options from a section of the configuration as <c>AddKafkaCache</c> does. It is for packages that extend a
/// cache.</summary>
public static class OptionsSection
{
    /// <summary>Sets the options that the section names, and ignores nothing in it. Keys are the names of the options, in any case.
    /// <see cref="StoreOptions"/>, <see cref="SnapshotOptions"/>, Kafka's settings and dictionaries of text are sections of their
    /// own.</summary>
    /// <param name="section">The section.</param>
    /// <param name="options">The options to set.</param>
    /// <returns>The faults: which keys could not be set, with their full paths, and what to change; empty if there are none. Values are not
    /// quoted, because they may be secrets.</returns>
    public static IReadOnlyList<string> Bind(IConfiguration section, object options)
    {
        ArgumentNullException.ThrowIfNull(section);
        ArgumentNullException.ThrowIfNull(options);
        return SectionBinder.Bind(section, options);
    }
}
