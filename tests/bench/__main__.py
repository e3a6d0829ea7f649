"""``make bench``: sign-ups over HTTP, the same calls on the bare disk, and the build against plain Pelican's."""

from tests.bench import building, disk, rebuilding, signups


def main() -> None:
    """Measure everything and print it as one table each."""
    print("Sign-ups over HTTP on one lecture, durable, letters included; client and server on this machine")
    rates = signups.measure()
    print("\nThe store and the bare calls that it makes, in one process")
    disk.measure()
    print(f"\nOver HTTP, 16 clients: {rates[16]:.0f}/s; budget 1,000/s")
    print("\nBuilding the site, whole commands")
    building.measure()
    rebuilding.measure()


if __name__ == "__main__":
    main()
