/** The green dot on an avatar. Decorative: whoever shows it also says "online" in text. */

export function PresenceDot() {
  return (
    <span class="absolute -bottom-px -end-px size-3 rounded-full bg-online border-2 border-panel" />
  );
}
