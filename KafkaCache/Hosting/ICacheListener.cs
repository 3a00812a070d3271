namespace KafkaCaching.Hosting;

/// <summary>Listens to caches from when it is made. A container makes all that it has before it starts its first cache, so that they miss nothing.</summary>
internal interface ICacheListener;
