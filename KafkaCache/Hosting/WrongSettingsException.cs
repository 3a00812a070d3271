using Microsoft.Extensions.Options;

namespace KafkaCaching.Hosting;

/// <summary>What is wrong with the settings of the caches, one fault a line.</summary>
/// <remarks>As text it is these lines alone. A host logs whatever stops its start, the runtime prints what nobody caught, both as the
/// exception's text; and the frames of the host, 25 lines twice, would say nothing to somebody who has a setting to correct.</remarks>
internal sealed class WrongSettingsException(IReadOnlyList<string> faults) : OptionsValidationException(
    "KafkaCache", typeof(KafkaCacheOptions<,>), faults)
{
    public override string Message => string.Join(Environment.NewLine, Failures);

    public override string ToString() => $"The settings of the caches are wrong:{Environment.NewLine}{Message}";
}
