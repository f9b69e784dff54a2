/** The green dot on an avatar. Decorative: whoever shows it also says "online" in text. */

export function PresenceDot() {
  return <span class="dot" />;
}
