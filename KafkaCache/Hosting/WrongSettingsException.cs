using Microsoft.Extensions.Options;

namespace KafkaCaching.Hosting;

/// <summary>Reports the faults in the settings of the caches, one per line.</summary>
/// <remarks>The text of the exception consists of these lines alone. A host logs an exception that stops its start, and the runtime prints
/// an unhandled exception; both use the exception's text. The stack frames of the host, 25 lines twice, would not help a person who has a
/// setting to correct.</remarks>
internal sealed class WrongSettingsException(IReadOnlyList<string> faults) : OptionsValidationException(
    "KafkaCache", typeof(KafkaCacheOptions<,>), faults)
{
    public override string Message => string.Join(Environment.NewLine, Failures);

    public override string ToString() => $"The settings of the caches are wrong:{Environment.NewLine}{Message}";
}
