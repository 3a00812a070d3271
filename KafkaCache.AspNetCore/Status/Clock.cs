using Microsoft.Extensions.DependencyInjection;

namespace KafkaCaching.AspNetCore.Status;

/// <summary>The container's clock if it has one, otherwise the system's.</summary>
internal static class Clock
{
    public static DateTimeOffset Now(this IServiceProvider services) =>
        (services.GetService<TimeProvider>() ?? TimeProvider.System).GetUtcNow();
}
