using KafkaCaching.Hosting.Configuration;
using Microsoft.Extensions.Configuration;

namespace KafkaCaching;

/// <summary>Sets options from a section of the configuration as <c>AddKafkaCache</c> does. This is meant for packages that extend a
/// cache.</summary>
public static class OptionsSection
{
    /// <summary>Sets the options that the section contains. No key is ignored. Keys are the names of the options, regardless of case.
    /// <see cref="StoreOptions"/>, <see cref="SnapshotOptions"/>, Kafka's settings and dictionaries of strings are subsections.</summary>
    /// <param name="section">The section.</param>
    /// <param name="options">The options to set.</param>
    /// <returns>The faults; empty if there are none. Each names the full path of a key that could not be set and says what to change.
    /// Values are not quoted, because they may be secrets.</returns>
    public static IReadOnlyList<string> Bind(IConfiguration section, object options)
    {
        ArgumentNullException.ThrowIfNull(section);
        ArgumentNullException.ThrowIfNull(options);
        return SectionBinder.Bind(section, options);
    }
}
