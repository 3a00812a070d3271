using Microsoft.Extensions.Options;

namespace KafkaCaching.Hosting;

/// <summary>Options without content: the host validates those that ask for it before it starts anything, and so the settings of the caches.</summary>
internal sealed class CachesAtStart
{
    public sealed class Validator(RegisteredCaches caches) : IValidateOptions<CachesAtStart>
    {
        public ValidateOptionsResult Validate(string? name, CachesAtStart options) =>
            caches.Faults() is { Count: > 0 } faults ? ValidateOptionsResult.Fail(faults) : ValidateOptionsResult.Success;
    }
}
