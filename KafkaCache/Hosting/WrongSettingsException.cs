using Microsoft.Extensions.Options;

namespace KafkaCaching.Hosting;

/// <summary>Reports the faults in the settings of the caches, one per line.</summary>
/// <remarks>The text of the exception contains no stack trace. When an exception prevents the start, the host logs its text, and the
/// runtime prints it again if the exception is unhandled. The 25 lines of the host's stack trace would not help a person who has to correct
/// a setting.</remarks>
internal sealed class WrongSettingsException(IReadOnlyList<string> faults) : OptionsValidationException(
    "KafkaCache", typeof(KafkaCacheOptions<,>), faults)
{
    public override string Message => string.Join(Environment.NewLine, Failures);

    public override string ToString() => $"The settings of the caches are wrong:{Environment.NewLine}{Message}";
}
