namespace Hearsay.Tests.Features.Maps.Storage;

/// <summary>The disk of the other tests does what a disk does.</summary>
public sealed class MemoryMapStorageTests : MapStorageConformance
{
    protected override IMapStorage Storage { get; } = new MemoryMapStorage();
}
