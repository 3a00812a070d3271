using Microsoft.Extensions.Options;

namespace KafkaCaching.Hosting;

/// <summary>Options without content: the host validates those that ask for it before it starts anything, and so the settings of the
/// caches.</summary>
internal sealed class CachesAtStart
{
    public sealed class Validator(RegisteredCaches caches) : IValidateOptions<CachesAtStart>
    {
        // Thrown, not returned: the host passes it on as it is, where it would make an exception of its own of what is returned.
        public ValidateOptionsResult Validate(string? name, CachesAtStart options)
        {
            caches.ThrowIfFaulty();
            return ValidateOptionsResult.Success;
        }
    }
}
